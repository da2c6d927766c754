import { statSync } from 'node:fs';
import { storeFile } from './environment.ts';
import { readStoreMeta } from './file-check.ts';

/**
 * A text that is another one after every commit to the store of a directory, read without opening it: transaction id,
 * size and time of its file. Undefined when there is no store; throws `untrusted.store` when a file in its place
 * is damaged or none of ours.
 */
export function storeFingerprint(directory: string): string | undefined {
  const path = storeFile(directory);
  const meta = readStoreMeta(path);
  if (meta === undefined) return undefined;
  const { ino, size, mtimeNs } = statSync(path, { bigint: true });
  return [meta.transaction, meta.lastPage, ino, size, mtimeNs].join('-');
}
