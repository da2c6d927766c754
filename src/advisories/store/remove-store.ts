import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writing } from '../../core/write-fault.ts';
import { storeFile } from './environment.ts';
import { type Exclusive, writeLock } from './open-store.ts';

/** What tells the file of a store from another that was made in its place; undefined when there is none. */
export function storeIdentity(directory: string): string | undefined {
  const found = statSync(storeFile(directory), { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino}-${found.birthtimeMs}`;
}

/** Removes a store that turned out to be damaged, unless another process has put a new one in its place meanwhile. */
export async function removeStore(
  directory: string,
  identity: string | undefined,
  exclusive: Exclusive,
): Promise<void> {
  const file = storeFile(directory);
  await exclusive(join(directory, writeLock), async () => {
    if (storeIdentity(directory) !== identity) return;
    for (const path of [file, `${file}-lock`]) await writing(path, () => rm(path, { force: true }));
  });
}
