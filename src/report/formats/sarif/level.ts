import type { Severity } from '../../../findings/model.ts';

/** SARIF's level (section 3.27.10) of a severity. An unknown severity is no reason to be quiet. */
export function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  switch (severity) {
    case 'critical':
    case 'high':
      return 'error';
    case 'medium':
    case 'unknown':
      return 'warning';
    case 'low':
    case 'negligible':
      return 'note';
  }
}

/**
 * A score for severities that come without one: the middle of the CVSS v3 band of the same name (specification, section
 * 5). Code scanning ranks alerts by it; an unknown severity has none.
 */
export const typicalScores: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  negligible: '0.1',
  unknown: undefined,
};
