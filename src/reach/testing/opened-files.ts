import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImagePath } from '../../core/path.ts';

export interface TracedProgram {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

// A log a thread: in a common one, a call that another thread interrupts is told in two lines, its result apart.
const options = ['-ff', '-qq', '-y', '-s', '4096', '-e', 'trace=open,openat,openat2,execve,execveat', '-o'];

/** The regular files that a program and its children really open or execute on this machine, by their real paths. */
export function openedFiles(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv): readonly ImagePath[] {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-strace-'));
  try {
    const { status, stderr } = spawnSync('strace', [...options, join(folder, 'log'), ...argv], {
      cwd,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
    return filesOf(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same for a server, which is ended after `play` has asked it what it has to answer. */
export async function openedByServer(
  { argv, cwd, env }: TracedProgram,
  play: () => Promise<void>,
): Promise<readonly ImagePath[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-strace-'));
  // A file: Node's pipes are sockets, which programs cannot open again as /dev/stderr.
  const output = join(folder, 'output');
  const written = openSync(output, 'w');
  const server = spawn('strace', [...options, join(folder, 'log'), ...argv], {
    cwd,
    env,
    stdio: ['ignore', written, written],
  });
  closeSync(written);
  try {
    await play();
    return await endServer(server, folder);
  } catch (error) {
    await endServer(server, folder);
    throw new Error(`${argv.join(' ')}: ${readFileSync(output, 'utf8').slice(-2000)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers of a server on loopback, once it answers at all. */
export async function answerOf(url: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
      // A proxy in front may be there before what it asks.
      if (answer.status >= 502 && attempt < 200) throw new Error(`${url} answers ${answer.status}`);
      return await answer.text();
    } catch (error) {
      if (attempt >= 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The tracer ends when what it traces does, which is its only child. */
async function endServer(server: ChildProcess, folder: string): Promise<readonly ImagePath[]> {
  const exited = once(server, 'exit');
  const children = `/proc/${server.pid}/task/${server.pid}/children`;
  const [child = ''] = existsSync(children) ? readFileSync(children, 'utf8').split(' ') : [];
  if (child !== '') process.kill(Number(child), 'SIGTERM');
  const late = setTimeout(() => child !== '' && process.kill(Number(child), 'SIGKILL'), 10_000);
  await exited;
  clearTimeout(late);
  return filesOf(folder);
}

function filesOf(folder: string): readonly ImagePath[] {
  const files = new Set<string>();
  const logs = readdirSync(folder)
    .filter((name) => name.startsWith('log'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  for (const line of logs) {
    const path = / = -1 |O_DIRECTORY|O_CREAT/.test(line)
      ? undefined
      : (/ = \d+<([^>]+)>/.exec(line)?.[1] ?? /^execve\w*\((?:[^",]+, )?"(\/[^"]+)".* = 0/.exec(line)?.[1]);
    if (path?.startsWith('/') !== true || /^\/(?:proc|sys|dev)\//.test(path) || !existsSync(path)) continue;
    const real = realpathSync(path);
    if (statSync(real).isFile()) files.add(real);
  }
  return [...files].sort();
}
