import { decodeCatalog, emptyCatalog, encodeCatalog, type StoreCatalog } from './catalog.ts';
import { commit, type Environment, reading } from './environment.ts';
import { damaged } from './faults.ts';
import { catalogKey } from './keys.ts';

/** The catalog as it is now; an empty one when the store is new or of another format. */
export function readCatalog(environment: Environment): StoreCatalog {
  const value = storedCatalog(environment);
  return (value && decodeCatalog(value, environment.path)) ?? emptyCatalog;
}

/** Throws `untrusted.store` for a store of another format, whose advisories cannot be read. */
export function requireOwnFormat(environment: Environment): void {
  if (isForeign(environment)) throw damaged(environment.path, 'other-cinzel');
}

/** Makes a store of another format an empty one of ours. What is left of it, the next write sweeps away. */
export function adoptFormat(environment: Environment): void {
  if (!isForeign(environment)) return;
  commit(environment, () => {
    if (isForeign(environment)) putCatalog(environment, emptyCatalog);
  });
}

function isForeign(environment: Environment): boolean {
  const value = storedCatalog(environment);
  return value !== undefined && decodeCatalog(value, environment.path) === undefined;
}

function storedCatalog(environment: Environment): Buffer | undefined {
  return reading(environment, () => environment.database.getBinary(catalogKey));
}

/** Puts a catalog in place of the old one; inside a transaction. */
export function putCatalog({ database }: Environment, catalog: StoreCatalog): void {
  database.putSync(catalogKey, encodeCatalog(catalog));
}
