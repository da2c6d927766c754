import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImagePath } from '../../core/path.ts';

/** The regular files that a program and its children really open or execute on this machine, by their real paths. */
export function openedFiles(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv): readonly ImagePath[] {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-strace-'));
  try {
    // A log a thread: in a common one, a call that another thread interrupts is told in two lines, its result apart.
    const log = join(folder, 'log');
    const options = ['-ff', '-qq', '-s', '4096', '-e', 'trace=open,openat,openat2,execve,execveat', '-o', log];
    const { status, stderr } = spawnSync('strace', [...options, ...argv], { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
    const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    return filesOf(logs.join('\n'), cwd);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function filesOf(log: string, cwd: string): readonly ImagePath[] {
  const files = new Set<string>();
  for (const line of log.split('\n')) {
    const path = / = -1 |O_DIRECTORY|O_CREAT/.test(line)
      ? undefined
      : /\w+\((?:[A-Z_0-9]+, )?"([^"]+)"/.exec(line)?.[1];
    if (path === undefined || /^\/(?:proc|sys|dev)\//.test(path)) continue;
    const real = realpathSync(path.startsWith('/') ? path : join(cwd, path));
    if (statSync(real).isFile()) files.add(real);
  }
  return [...files].sort();
}
