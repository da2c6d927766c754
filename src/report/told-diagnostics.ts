import type { Catalogue } from '../i18n/catalogue.ts';
import { diagnosticText } from './diagnostic-text.ts';
import type { ScanResult } from './model.ts';

/** So many of one kind are enough to see what is wrong. */
const toldPerCode = 3;

interface Told {
  readonly texts: readonly string[];
  /** How many diagnostics are left. */
  readonly rest: number;
}

/** The diagnostics that change what the result says, in words and with their places: the first of each kind. */
export function toldDiagnostics({ diagnostics }: ScanResult, catalogue: Catalogue): Told {
  const counts = new Map<string, number>();
  const told = diagnostics.filter(({ code, severity }) => {
    if (severity === 'info') return false;
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= toldPerCode;
  });
  return {
    texts: told.map((diagnostic) => {
      const text = diagnosticText(diagnostic, catalogue);
      return diagnostic.path === undefined ? text : `${diagnostic.path}: ${text}`;
    }),
    rest: diagnostics.length - told.length,
  };
}
