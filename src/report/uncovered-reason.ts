import type { Catalogue } from '../i18n/catalogue.ts';
import type { UncoveredSummary } from './model.ts';

/** Why packages were not checked, in the reader's language; in English where an older version saved no more than that. */
export function uncoveredReason({ code, feed = '', reason }: UncoveredSummary, catalogue: Catalogue): string {
  return code === undefined ? reason : catalogue.report.coverage.reasons[code](feed);
}
