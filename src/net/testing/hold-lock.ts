import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts `locking-process.ts` with these arguments. */
export function startLocking(...values: readonly string[]): ChildProcess {
  const script = new URL('locking-process.ts', import.meta.url).pathname;
  return spawn(process.execPath, ['--import', 'tsx', script, ...values], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A process that holds a lock until it is killed, which gives it no chance to release it. */
export async function holdLock(path: string): Promise<{ readonly kill: () => Promise<void> }> {
  const child = startLocking(path);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
