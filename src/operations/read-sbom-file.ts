import type { Limits } from '../core/limits.ts';
import type { Inventory } from '../inventory/model.ts';
import { readSbom } from '../inventory/sbom-input.ts';
import { readDocument } from './read-document.ts';

/** Reads an SBOM file as an inventory. Throws as readDocument does, and `untrusted.malformed`. */
export async function readSbomFile(path: string, limits: Limits): Promise<Inventory> {
  return readSbom(await readDocument(path, limits), path, limits);
}
