import type { Diagnostic } from '../core/diagnostics.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { renderDiagnostic } from '../i18n/render.ts';
import type { SavedDiagnostic } from './model.ts';

/** The sentence of a diagnostic; one that was read from a saved scan keeps the English it was saved with. */
export function diagnosticText(diagnostic: Diagnostic | SavedDiagnostic, catalogue: Catalogue): string {
  return 'message' in diagnostic ? diagnostic.message : renderDiagnostic(diagnostic, catalogue);
}
