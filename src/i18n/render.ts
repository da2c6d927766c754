import type { Diagnostic } from '../core/diagnostics.ts';
import type { CinzelError } from '../core/errors.ts';
import type { Catalogue, Sentence } from './catalogue.ts';

/** The sentence and hint of an error in the catalogue's language. */
export function renderError(error: CinzelError, catalogue: Catalogue): Sentence {
  const message = catalogue.errors[error.code] as (parameters: unknown) => Sentence;
  return message(error.parameters);
}

/** The sentence of a diagnostic in the catalogue's language. */
export function renderDiagnostic(diagnostic: Diagnostic, catalogue: Catalogue): string {
  const message = catalogue.diagnostics[diagnostic.code] as (parameters: unknown) => string;
  return message(diagnostic.parameters);
}
