import { readFile, stat } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import type { Inventory } from '../inventory/model.ts';
import { readSbom } from '../inventory/sbom-input.ts';

/** Reads an SBOM file as an inventory. Throws `environment.not-found`, `untrusted.empty`, `untrusted.limit` or `untrusted.malformed`. */
export async function readSbomFile(path: string, limits: Limits): Promise<Inventory> {
  const size = await sizeOf(path);
  if (size === 0) throw new CinzelError('untrusted.empty', { path });
  if (size > limits.fileBytes)
    throw new CinzelError('untrusted.limit', { limit: 'fileBytes', value: limits.fileBytes, what: path });
  return readSbom(await readFile(path), path, limits);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw new CinzelError('environment.not-found', { what: path }, { cause });
  }
}
