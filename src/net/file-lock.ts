import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CinzelError } from '../core/errors.ts';

export interface FileLockOptions {
  /** Milliseconds to wait for another process before `environment.locked`. */
  readonly wait: number;
}

const pause = 50;
/** A lock without a readable owner is left alone for so long: its owner may be about to write it. */
const grace = 5_000;

/**
 * Runs a job while no other process runs one under the same lock file. The file names its owner's process; a lock
 * whose owner is gone is taken over. Throws `environment.locked`.
 */
export async function withFileLock<Result>(
  path: string,
  job: () => Promise<Result>,
  { wait }: FileLockOptions,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  const deadline = Date.now() + wait;
  while (!(await acquire(path))) {
    if (await isAbandoned(path)) await rm(path, { force: true });
    else if (Date.now() >= deadline) throw new CinzelError('environment.locked', { path });
    else await sleep(pause);
  }
  try {
    return await job();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (Number.isInteger(owner) && owner > 0) return !isAlive(owner);
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > grace;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
