import type { Limits } from '../core/limits.ts';
import type { ScanResult } from '../report/model.ts';
import { parseScanResult } from '../report/parse.ts';
import { readDocument } from './read-document.ts';

/** Reads a scan that was saved with `-o json=FILE`. Throws as readDocument does, and `untrusted.malformed`. */
export async function readSavedScan(path: string, limits: Limits): Promise<ScanResult> {
  return parseScanResult(await readDocument(path, limits), path);
}
