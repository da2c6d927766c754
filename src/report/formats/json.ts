import { english } from '../../i18n/en/index.ts';
import { arrange } from '../arrange.ts';
import { diagnosticText } from '../diagnostic-text.ts';
import type { ReportFormat } from '../format.ts';
import { jsonText } from '../json-text.ts';
import type { SavedDiagnostic, ScanResult } from '../model.ts';
import { scanShape } from '../scan-shape.ts';

/** Cinzel's own JSON: the whole result, as schemas/scan.schema.json describes it. Messages are English in any language. */
export const json: ReportFormat = {
  id: 'json',
  mediaType: 'application/json',
  shows: 'both',
  joins: 'stream',
  render: (result) => jsonText(arrange(savedForm(result), scanShape) as object),
};

function savedForm(result: ScanResult): object {
  return { ...result, diagnostics: result.diagnostics.map(savedDiagnostic) };
}

function savedDiagnostic(diagnostic: ScanResult['diagnostics'][number]): SavedDiagnostic {
  return { ...diagnostic, message: diagnosticText(diagnostic, english) };
}
