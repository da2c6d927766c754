import { compareText } from '../../../core/compare-text.ts';
import { groupBy } from '../../../findings/group-by.ts';
import type { Finding } from '../../../findings/model.ts';
import { severityRank } from '../../../findings/severities.ts';
import type { Package } from '../../../inventory/model.ts';
import { splitGroup } from '../../package-groups.ts';
import { type ReachAnswer, strongestAnswer } from '../../reach-answer.ts';

/**
 * One vulnerability of one source package with one verdict: what counts count (CONTRACT, Findings), and what a reader
 * decides on. The binaries of the source that have it are its findings.
 */
export interface FindingRow {
  readonly first: Finding;
  /** At least one, by package name. */
  readonly findings: readonly Finding[];
  /** Name of the package, or of the source when several packages share the row. */
  readonly name: string;
  readonly types: readonly string[];
  readonly layers: readonly number[];
  /** The strongest answer of its packages: one that is reached makes the row reached. */
  readonly reachable: ReachAnswer;
}

/** Rows of the findings, worst first: severity, score, a fix there, rows of the same group, group, id. */
export function groupFindings(
  findings: readonly Finding[],
  packagesById: ReadonlyMap<string, Package>,
): readonly FindingRow[] {
  const rows = [...groupBy(findings, rowKey).values()].map((members) => createRow(members, packagesById));
  const groups = groupBy(rows, (row) => row.first.group);
  return rows.toSorted((a, b) => compareRows(a, b, groups));
}

function rowKey(finding: Finding): string {
  return JSON.stringify([finding.id, finding.group, finding.verdict]);
}

function createRow(members: readonly Finding[], packagesById: ReadonlyMap<string, Package>): FindingRow {
  const findings = members.toSorted((a, b) => compareText(a.packageId, b.packageId));
  const worst = findings.toSorted(
    (a, b) => severityRank(a.severity) - severityRank(b.severity) || (b.score ?? 0) - (a.score ?? 0),
  );
  const first = worst[0];
  if (first === undefined) throw new RangeError('a row needs a finding');
  const types = findings.map((finding) => packagesById.get(finding.packageId)?.type ?? splitGroup(finding.group).type);
  return {
    first,
    findings,
    name: findings.length > 1 ? splitGroup(first.group).name : packageName(first, packagesById),
    types: [...new Set(types)],
    layers: [...new Set(findings.map((finding) => finding.layer))].toSorted((a, b) => a - b),
    reachable: strongestAnswer(findings),
  };
}

/** The name of a finding's package, also when the package itself is not in the result. */
export function packageName(finding: Finding, packagesById: ReadonlyMap<string, Package>): string {
  return packagesById.get(finding.packageId)?.name ?? splitGroup(finding.group).name;
}

function compareRows(a: FindingRow, b: FindingRow, groups: ReadonlyMap<string, readonly FindingRow[]>): number {
  const size = (row: FindingRow): number => groups.get(row.first.group)?.length ?? 0;
  return (
    severityRank(a.first.severity) - severityRank(b.first.severity) ||
    (b.first.score ?? -1) - (a.first.score ?? -1) ||
    Number(b.first.fix.state === 'fixed') - Number(a.first.fix.state === 'fixed') ||
    size(b) - size(a) ||
    compareText(a.first.group, b.first.group) ||
    compareText(a.first.id, b.first.id) ||
    compareText(a.first.verdict.kind, b.first.verdict.kind)
  );
}
