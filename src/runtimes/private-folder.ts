import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, processScope } from '../core/process-scope.ts';
import { writing } from '../core/write-fault.ts';

/** A folder that only its owner can look into, for files of images that run. */
export interface PrivateFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder below `parent` that tells whose it is, and removes those of processes that are gone: a process that is
 * killed removes nothing.
 */
export async function makePrivateFolder(parent: string): Promise<PrivateFolder> {
  const scope = await processScope();
  const path = join(parent, `${scope}-${process.pid}-${randomBytes(6).toString('hex')}`);
  await writing(path, async () => {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await sweep(parent, scope);
    await mkdir(path, { mode: 0o700 });
  });
  return { path, remove: () => removeTree(path) };
}

async function sweep(parent: string, scope: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [place, pid] = name.split('-');
    if (place === scope && !isAlive(Number(pid))) await removeTree(join(parent, name));
  }
}

/** Processes that just ended may still be closing files. */
async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
