import type { Diagnostic } from '../core/diagnostics.ts';
import type { CinzelError, Fault } from '../core/errors.ts';
import type { Catalogue, ErrorMessages, Sentence } from './catalogue.ts';

/** The sentence and hint of an error in the catalogue's language. */
export function renderError(error: CinzelError, catalogue: Catalogue): Sentence {
  return renderFault(error as Fault, catalogue.errors);
}

/** The sentence and hint of what is told of an error. */
export function renderFault({ code, parameters }: Fault, errors: ErrorMessages): Sentence {
  const message = errors[code] as (parameters: unknown) => Sentence;
  return message(parameters);
}

/** The sentence of a diagnostic in the catalogue's language. */
export function renderDiagnostic(diagnostic: Diagnostic, catalogue: Catalogue): string {
  const message = catalogue.diagnostics[diagnostic.code] as (parameters: unknown) => string;
  return message(diagnostic.parameters);
}
