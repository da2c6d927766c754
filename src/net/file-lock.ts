import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CinzelError } from '../core/errors.ts';
import { isAlive, processScope } from '../core/process-scope.ts';
import { writing } from '../core/write-fault.ts';

/*
 * A lock is a folder that holds one file, whose name is its owner's and no other's:
 *
 * 1. To take a lock, a folder with the own file is made beside it and renamed into its place. That replaces an empty
 *    folder and fails as long as there is one with a file.
 * 2. The owner touches its file again and again.
 * 3. An owner is gone when its process is, or, where process ids of others mean nothing (another container, another
 *    machine), when a waiter has seen its file untouched for long. The waiter then renames the file to its own name.
 *    Of several that try, one succeeds: for the others the old name is gone.
 * 4. To release it, the file is removed, and then the folder if it is still empty.
 */

export interface FileLockOptions {
  /** Milliseconds to wait for others before `environment.locked`. */
  readonly wait: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const pause = 50;
const beat = 2_000;
/** Longer than any owner is busy without a moment for its heartbeat. */
const patience = 15_000;

/**
 * Runs a job while nobody else runs one under the same lock, in this process or another. The lock's folder must have
 * a parent. A lock whose owner died is taken over. Throws `environment.locked`, and what writing beside it may throw.
 */
export async function withFileLock<Result>(
  path: string,
  job: () => Promise<Result>,
  { wait, signal }: FileLockOptions,
): Promise<Result> {
  const scope = await processScope();
  const name = `${scope}-${process.pid}-${randomBytes(8).toString('hex')}`;
  const observe = observer(scope);
  const deadline = performance.now() + wait;
  while (!(await writing(path, () => take(path, name, observe)))) {
    signal?.throwIfAborted();
    if (performance.now() >= deadline) throw new CinzelError('environment.locked', { path });
    await sleep(pause);
  }
  const heart = setInterval(() => void touch(join(path, name)), beat).unref();
  try {
    return await job();
  } finally {
    clearInterval(heart);
    await writing(path, () => release(path, name));
  }
}

async function take(path: string, name: string, isGone: (file: string) => Promise<boolean>): Promise<boolean> {
  const [owner] = await namesIn(path);
  if (owner === undefined) return acquire(path, name, isGone);
  const file = join(path, owner);
  if (!(await isGone(file))) return false;
  // A file that was just touched is nobody's prey for the moment between its two names.
  await touch(file);
  return succeeds(rename(file, join(path, name)), 'ENOENT');
}

/** Takes a lock that nobody has; false when somebody was faster. */
async function acquire(path: string, name: string, isGone: (file: string) => Promise<boolean>): Promise<boolean> {
  await sweep(path, isGone);
  const aside = `${path}-${name}`;
  try {
    await mkdir(aside);
    await writeFile(join(aside, name), '');
    return await succeeds(rename(aside, path), 'ENOTEMPTY', 'EEXIST');
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Removes what processes left aside that were killed just then. */
async function sweep(path: string, isGone: (file: string) => Promise<boolean>): Promise<void> {
  const prefix = `${basename(path)}-`;
  for (const name of await namesIn(dirname(path))) {
    const aside = join(dirname(path), name);
    if (name.startsWith(prefix) && (await isGone(join(aside, name.slice(prefix.length))))) {
      await rm(aside, { recursive: true, force: true });
    }
  }
}

async function release(path: string, name: string): Promise<void> {
  await rm(join(path, name), { force: true });
  await succeeds(rmdir(path), 'ENOENT', 'ENOTEMPTY', 'EEXIST');
}

/** Tells whether an owner is gone; remembers what it saw, so that one must be asked about again and again. */
function observer(scope: string): (file: string) => Promise<boolean> {
  const seen = new Map<string, { readonly touched: number; readonly since: number }>();
  return async (file) => {
    const [place, pid] = basename(file).split('-');
    if (place === scope && !isAlive(Number(pid))) return true;
    const touched = (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
    const known = seen.get(file);
    if (known?.touched === touched) return performance.now() - known.since > patience;
    seen.set(file, { touched, since: performance.now() });
    return false;
  };
}

async function touch(file: string): Promise<void> {
  const now = Date.now() / 1000;
  await utimes(file, now, now).catch(() => {});
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Whether it was done, or failed for one of these reasons. */
async function succeeds(action: Promise<void>, ...failures: readonly string[]): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (failures.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
