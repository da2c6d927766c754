import { readFile } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import type { ScanResult } from '../report/model.ts';
import { parseScanResult } from '../report/parse.ts';

/** Reads a scan that was saved with `-o json=FILE`. Throws `environment.not-found`, `untrusted.empty`, `untrusted.malformed`. */
export async function readSavedScan(path: string, limits: Limits): Promise<ScanResult> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new CinzelError('environment.not-found', { what: path }, { cause });
    throw new CinzelError('environment.read', { path, problem: cause.code ?? cause.message }, { cause });
  });
  if (bytes.length === 0) throw new CinzelError('untrusted.empty', { path });
  if (bytes.length > limits.fileBytes)
    throw new CinzelError('untrusted.limit', { limit: 'fileBytes', value: limits.fileBytes, what: path });
  return parseScanResult(bytes, path);
}
