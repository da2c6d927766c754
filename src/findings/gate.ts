import { CinzelError } from '../core/errors.ts';
import { distinctFindings, isOpen } from './distinct.ts';
import { type Finding, type Severity, severities } from './model.ts';
import { isSeverity, severityRank } from './severities.ts';

/** `--fail-on LEVEL[,unknown][,fixable]`, understood. */
export interface Gate {
  /** The mildest severity that fails; absent when only `unknown` was asked for. */
  readonly level?: Exclude<Severity, 'unknown'>;
  readonly unknown: boolean;
  /** Only findings count that something fixes. */
  readonly fixable: boolean;
}

export interface GateResult {
  /** Distinct (id, group) that fail it; it passes at 0. */
  readonly failing: number;
  /** Distinct open findings of unknown severity that the gate does not count: said when it passes. */
  readonly unknown: number;
}

/** Reads the value of `--fail-on`. Throws `usage.value`. */
export function parseGate(text: string): Gate {
  const words = text
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  const invalid = (): CinzelError => {
    const allowed = `${severities.join(', ')} [,unknown] [,fixable]`;
    return new CinzelError('usage.value', { name: '--fail-on', value: text, allowed });
  };
  const levels = words.filter((word) => word !== 'unknown' && word !== 'fixable');
  const [level] = levels;
  if (levels.length > 1 || (level === undefined && !words.includes('unknown'))) throw invalid();
  if (level !== undefined && (!isSeverity(level) || level === 'unknown')) throw invalid();
  return {
    ...(level !== undefined && { level }),
    unknown: words.includes('unknown'),
    fixable: words.includes('fixable'),
  };
}

/** How many findings fail a gate. Suppressed ones never do. */
export function evaluateGate(findings: readonly Finding[], gate: Gate): GateResult {
  const open = findings.filter((finding) => isOpen(finding) && (!gate.fixable || finding.fix.state === 'fixed'));
  const failing = distinctFindings(open.filter(({ severity }) => isCounted(gate, severity))).length;
  const unknown = gate.unknown ? 0 : distinctFindings(open.filter(({ severity }) => severity === 'unknown')).length;
  return { failing, unknown };
}

function isCounted({ level, unknown }: Gate, severity: Severity): boolean {
  if (severity === 'unknown') return unknown;
  return level !== undefined && severityRank(severity) <= severityRank(level);
}
