import { decodeCatalog, emptyCatalog, encodeCatalog, type StoreCatalog } from './catalog.ts';
import type { Environment } from './environment.ts';
import { catalogKey } from './keys.ts';

/** The catalog as it is now; an empty one when the store is new or of another format. */
export function readCatalog({ path, database }: Environment): StoreCatalog {
  const value = database.getBinary(catalogKey);
  return (value && decodeCatalog(value, path)) ?? emptyCatalog;
}

/** Puts a catalog in place of the old one; inside a transaction. */
export function putCatalog({ database }: Environment, catalog: StoreCatalog): void {
  database.putSync(catalogKey, encodeCatalog(catalog));
}
