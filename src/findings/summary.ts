import type { Package, PackageType } from '../inventory/model.ts';
import { distinctFindings, isOpen } from './distinct.ts';
import { type Finding, type Severity, severities } from './model.ts';

export interface FindingCounts {
  /** Open distinct (id, group) by severity. */
  readonly vulnerabilities: Readonly<Record<Severity, number>>;
  /** Open ones that something fixes. */
  readonly fixable: number;
  readonly suppressed: number;
}

/**
 * Counts of distinct (id, group). One that is open for one binary and suppressed for another, as kernel CVEs are,
 * counts as open.
 */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const open = distinctFindings(findings.filter(isOpen));
  const zero = severities.map((severity) => [severity, 0] as const);
  const vulnerabilities = Object.fromEntries(zero) as Record<Severity, number>;
  for (const { severity } of open) vulnerabilities[severity] += 1;
  return {
    vulnerabilities,
    fixable: open.filter(({ fix }) => fix.state === 'fixed').length,
    suppressed: distinctFindings(findings).length - open.length,
  };
}

/** Packages by type, without those that another package owns. */
export function countPackages(packages: readonly Package[]): Readonly<Partial<Record<PackageType, number>>> {
  const counts: Partial<Record<PackageType, number>> = {};
  for (const { type, ownedBy } of packages) if (ownedBy === undefined) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
