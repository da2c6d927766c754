import { countFindings } from '../findings/summary.ts';
import type { ScanResult } from '../report/model.ts';
import { chosenFindings } from './judge.ts';
import { readSavedScan } from './read-saved-scan.ts';
import type { Toolbox } from './toolbox.ts';

/** A saved scan with the findings that `--severity` and `--only-fixed` leave, counted anew. */
export async function readChosenScan(path: string, toolbox: Toolbox): Promise<ScanResult> {
  const result = await readSavedScan(path, toolbox.context.limits);
  if (result.findings === undefined) return result;
  const findings = chosenFindings(result.findings, toolbox);
  return { ...result, findings, summary: { ...result.summary, ...countFindings(findings) } };
}
