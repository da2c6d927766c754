import { compareText } from '../../core/compare-text.ts';
import { isObject } from '../../core/json.ts';
import type { StorePart } from '../store.ts';
import { parseStored } from './faults.ts';

/** Raise it when keys or values change: a store of another format is made anew by the next update. */
export const storeFormat = 1;

/** The table of contents of the store: written last, so that what it does not name does not exist. */
export interface StoreCatalog {
  readonly format: number;
  /** The next unused generation. */
  readonly next: number;
  readonly parts: readonly CatalogPart[];
}

export interface CatalogPart extends StorePart {
  readonly generation: number;
}

export const emptyCatalog: StoreCatalog = { format: storeFormat, next: 1, parts: [] };

/** Undefined for a store of another format. Throws `untrusted.store` when it is none of ours. */
export function decodeCatalog(value: Uint8Array, path: string): StoreCatalog | undefined {
  const json = parseStored(value, path);
  if (!isObject(json) || json['format'] !== storeFormat) return undefined;
  return json as unknown as StoreCatalog;
}

export function encodeCatalog(catalog: StoreCatalog): Buffer {
  return Buffer.from(JSON.stringify(catalog));
}

/** The catalog with this part in the place of the one of the same feed and name. */
export function withPart(catalog: StoreCatalog, part: CatalogPart): StoreCatalog {
  const others = catalog.parts.filter((other) => other.id !== part.id || other.part !== part.part);
  const parts = [...others, part].sort((a, b) => compareText(a.id, b.id) || compareText(a.part, b.part));
  return { ...catalog, parts };
}
