import { compareText } from '../core/compare-text.ts';
import { distinctFindings, isOpen } from './distinct.ts';
import type { Finding } from './model.ts';
import { severityRank } from './severities.ts';

/**
 * Findings for people, most urgent first: by severity; then those that something fixes; then by score; then by how
 * many one upgrade of their source removes; then by id and package, so that equal runs list them equally. Findings of
 * unknown severity have no score, so for them the fix and what an upgrade removes decide.
 */
export function rankFindings(findings: readonly Finding[]): readonly Finding[] {
  const removes = countRemovedByUpgrade(findings);
  const removedBy = ({ group }: Finding): number => removes.get(group) ?? 0;
  return findings.toSorted(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) ||
      Number(b.fix.state === 'fixed') - Number(a.fix.state === 'fixed') ||
      (b.score ?? 0) - (a.score ?? 0) ||
      removedBy(b) - removedBy(a) ||
      compareText(a.id, b.id) ||
      compareText(a.packageId, b.packageId),
  );
}

/** How many open vulnerabilities an upgrade of each group's source removes. */
export function countRemovedByUpgrade(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { group, fix } of distinctFindings(findings.filter(isOpen))) {
    if (fix.state === 'fixed') counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return counts;
}
