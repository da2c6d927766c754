import { CinzelError } from '../core/errors.ts';
import { type Severity, severities } from './model.ts';

/** The place of a severity in worst-first order: critical is 0. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

export function isSeverity(text: string): text is Severity {
  return (severities as readonly string[]).includes(text);
}

/** A severity as a user writes it, in any case. Throws `usage.value` that names the setting. */
export function parseSeverity(text: string, name: string): Severity {
  const severity = text.trim().toLowerCase();
  if (isSeverity(severity)) return severity;
  throw new CinzelError('usage.value', { name, value: text, allowed: severities.join(', ') });
}
