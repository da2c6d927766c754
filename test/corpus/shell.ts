import { execFileSync } from 'node:child_process';

/** Runs a command of the builder; its output is only seen when it fails. */
export function command(argv: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): string {
  const [program = '', ...words] = argv;
  try {
    return execFileSync(program, words, { ...options, encoding: 'utf8', maxBuffer: 2 ** 29, stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    const written = `${stdout ?? ''}${stderr ?? ''}`.slice(-5_000);
    throw new Error(`${argv.join(' ')} failed:\n${written}`, { cause: error });
  }
}

/** A script of shell lines in mount, process and network namespaces of its own, so that all it mounts ends with it. */
export function inNamespaces(script: string, words: readonly string[], network = false): string {
  const flags = ['--mount', '--pid', '--fork', '--kill-child', ...(network ? ['--net'] : [])];
  return command(['unshare', ...flags, '--propagation', 'private', 'sh', '-euc', script, 'sh', ...words]);
}
