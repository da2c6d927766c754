import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { CinzelError } from '../../core/errors.ts';
import { requireSpace, storeFault } from './faults.ts';
import { completeStoreFile, readStoreMeta } from './file-check.ts';

/** The one table of the store: text keys, binary values. */
export type StoreDatabase = RootDatabase<Buffer, string>;

export interface Environment {
  readonly path: string;
  readonly database: StoreDatabase;
}

/** The file of the store in its directory. */
export function storeFile(directory: string): string {
  return join(directory, 'advisories.mdb');
}

/** Opens the store's file; undefined when there is none and it may not be made. */
export async function openEnvironment(directory: string, readOnly: boolean): Promise<Environment | undefined> {
  const path = storeFile(directory);
  if (readStoreMeta(path) === undefined && readOnly) return undefined;
  const { open } = await import('lmdb');
  try {
    if (!readOnly) {
      mkdirSync(directory, { recursive: true });
      // LMDB maps files that it has no room for yet; on a full disk a write to such a page ends the process.
      requireSpace(path, 0);
    }
    const database: StoreDatabase = open<Buffer, string>({
      path,
      noSubdir: true,
      readOnly,
      encoding: 'binary',
      compression: true,
      // A commit that returned is on disk, also when the power fails.
      overlappingSync: false,
    });
    return { path, database };
  } catch (cause) {
    throw cause instanceof CinzelError ? cause : storeFault(path, cause);
  }
}

/** Reads from the database. Throws `untrusted.store` when its pages are damaged. */
export function reading<Value>({ path }: Environment, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof CinzelError ? cause : storeFault(path, cause);
  }
}

/**
 * Runs a write transaction that is on disk when this returns, or not at all. Throws `environment.disk-full` and
 * `environment.write`.
 */
export function commit({ path, database }: Environment, write: () => void): void {
  try {
    database.transactionSync(write);
  } catch (cause) {
    throw cause instanceof CinzelError ? cause : storeFault(path, cause);
  }
  completeStoreFile(path);
}
