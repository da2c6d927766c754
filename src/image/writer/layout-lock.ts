import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CinzelError } from '../../core/errors.ts';

/** A holder needs milliseconds; a lock this old was left by a process that died, in milliseconds. */
const staleAge = 30_000;
const waitLimit = 60_000;
const pause = 20;

/** Runs a job while no other process holds the lock file. Throws `environment.locked` when it stays taken. */
export async function withLock<Result>(path: string, signal: AbortSignal, job: () => Promise<Result>): Promise<Result> {
  const token = randomBytes(16).toString('hex');
  const deadline = Date.now() + waitLimit;
  while (!(await take(path, token))) {
    if (Date.now() > deadline) throw new CinzelError('environment.locked', { path });
    await removeStale(path, token);
    await sleep(pause, undefined, { signal });
  }
  try {
    return await job();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string, token: string): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves an old lock aside before it is removed, so that of several who see it only one removes it. */
async function removeStale(path: string, token: string): Promise<void> {
  const seen = await stat(path).catch(() => undefined);
  if (seen === undefined || Date.now() - seen.mtimeMs < staleAge) return;
  const holder = await readFile(path, 'utf8').catch(() => undefined);
  const aside = `${path}-${token}`;
  await rename(path, aside).catch(() => {});
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  // Somebody was faster and the lock that was moved is theirs, and new: give it back.
  if (moved !== undefined && moved !== holder) await rename(aside, path).catch(() => {});
  await rm(aside, { force: true });
}
