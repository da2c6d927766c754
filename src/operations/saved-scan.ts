import type { Limits } from '../core/limits.ts';
import { countFindings } from '../findings/summary.ts';
import type { ScanResult } from '../report/model.ts';
import { parseScanResult } from '../report/parse.ts';
import { chosenFindings } from './judge.ts';
import { readDocument } from './read-document.ts';
import type { Toolbox } from './toolbox.ts';

/** Reads a scan that was saved with `-o json=FILE`. Throws as readDocument does, and `untrusted.malformed`. */
export async function readSavedScan(path: string, limits: Limits): Promise<ScanResult> {
  return parseScanResult(await readDocument(path, limits), path);
}

/** A saved scan with the findings that `--severity` and `--only-fixed` leave, counted anew. */
export async function readChosenScan(path: string, toolbox: Toolbox): Promise<ScanResult> {
  const result = await readSavedScan(path, toolbox.context.limits);
  if (result.findings === undefined) return result;
  const findings = chosenFindings(result.findings, toolbox);
  return { ...result, findings, summary: { ...result.summary, ...countFindings(findings) } };
}
