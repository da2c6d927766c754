import { compareText } from '../core/compare-text.ts';
import { isOpen } from '../findings/distinct.ts';
import { groupBy } from '../findings/group-by.ts';
import type { Finding, Severity } from '../findings/model.ts';
import { severityRank } from '../findings/severities.ts';
import type { Package, PackageType } from '../inventory/model.ts';
import { versionSchemes } from '../versions/index.ts';
import type { SchemeId } from '../versions/scheme.ts';
import type { ScanResult } from './model.ts';
import { type ReachAnswer, strongestAnswer } from './reach-answer.ts';

/** What one upgrade would change: a source package with its installed packages and their vulnerabilities. */
export interface PackageGroup {
  readonly group: string;
  readonly type: PackageType;
  /** Of the source package, or of the package when it is the only one. */
  readonly name: string;
  readonly installedVersion: string;
  /** Names of the installed packages that have findings. */
  readonly packages: readonly string[];
  /** The layer that brought the first of them. */
  readonly layer: number;
  /** One finding of each id, worst first; not suppressed. */
  readonly vulnerabilities: readonly Finding[];
  /** Whether the application reaches a package that has it, by id. */
  readonly answers: ReadonlyMap<string, ReachAnswer>;
  readonly worst: Severity;
  /** The lowest version that fixes all that have a fix. */
  readonly fixedVersion?: string;
  readonly fixable: number;
}

/**
 * Groups of the findings that are not suppressed, worst first. Unknown severity is a rank of its own, last; groups of
 * one rank go by how many of that severity they have, then by whether a fix is there, then by how many one upgrade
 * removes. Where all are unknown, a fix comes before their number.
 */
export function groupByPackage(result: ScanResult): readonly PackageGroup[] {
  const packages = new Map(result.packages.map((item) => [item.id, item]));
  const members = groupBy((result.findings ?? []).filter(isOpen), ({ group }) => group);
  return [...members].map(([group, findings]) => createGroup(group, findings, packages)).toSorted(compareGroups);
}

function createGroup(
  group: string,
  findings: readonly Finding[],
  packages: ReadonlyMap<string, Package>,
): PackageGroup {
  const identity = splitGroup(group);
  const installed = new Map(findings.map((finding) => [finding.packageId, packages.get(finding.packageId)]));
  const known = [...installed.values()].filter((item) => item !== undefined);
  const names = [...new Set(known.map((item) => item.name))].toSorted(compareText);
  const versions = new Set(findings.map((finding) => finding.installedVersion));
  const vulnerabilities = distinctVulnerabilities(findings);
  const byId = groupBy(findings, ({ id }) => id);
  const fixes = vulnerabilities.flatMap((item) => (item.fix.version === undefined ? [] : [item.fix.version]));
  const type = known[0]?.type ?? identity.type;
  const fixedVersion = highestVersion(fixes, type);
  return {
    group,
    type,
    name: names.length === 1 && names[0] !== undefined ? names[0] : identity.name,
    installedVersion: versions.size === 1 ? ([...versions][0] ?? identity.version) : identity.version,
    packages: names,
    layer: Math.min(...findings.map((finding) => finding.layer)),
    vulnerabilities,
    answers: new Map([...byId].map(([id, members]) => [id, strongestAnswer(members)])),
    worst: vulnerabilities[0]?.severity ?? 'unknown',
    ...(fixedVersion === undefined ? {} : { fixedVersion }),
    fixable: vulnerabilities.filter((item) => item.fix.state === 'fixed').length,
  };
}

/** The parts of `TYPE/SOURCE@SOURCE-VERSION`; source names may hold slashes and begin with an at sign. */
export function splitGroup(group: string): { type: PackageType; name: string; version: string } {
  const slash = group.indexOf('/');
  const at = group.lastIndexOf('@');
  const end = at > slash + 1 ? at : group.length;
  const type = group.slice(0, Math.max(0, slash));
  return {
    type: Object.hasOwn(schemes, type) ? (type as PackageType) : 'generic',
    name: group.slice(slash + 1, end),
    version: group.slice(end + 1),
  };
}

/** One of each id: the worst rated of the packages that have it. */
function distinctVulnerabilities(findings: readonly Finding[]): readonly Finding[] {
  const worstFirst = findings.toSorted(compareVulnerabilities);
  const seen = new Set<string>();
  return worstFirst.filter((finding) => !seen.has(finding.id) && seen.add(finding.id));
}

function compareVulnerabilities(a: Finding, b: Finding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    (b.score ?? -1) - (a.score ?? -1) ||
    compareText(a.id, b.id) ||
    compareText(a.packageId, b.packageId)
  );
}

function compareGroups(a: PackageGroup, b: PackageGroup): number {
  return (
    severityRank(a.worst) - severityRank(b.worst) ||
    (a.worst === 'unknown' ? 0 : countOf(b, b.worst) - countOf(a, a.worst)) ||
    Number(b.fixable > 0) - Number(a.fixable > 0) ||
    b.fixable - a.fixable ||
    b.vulnerabilities.length - a.vulnerabilities.length ||
    compareText(a.group, b.group)
  );
}

function countOf(group: PackageGroup, severity: Severity): number {
  return group.vulnerabilities.filter((item) => item.severity === severity).length;
}

const schemes: Readonly<Record<PackageType, SchemeId | undefined>> = {
  deb: 'deb',
  apk: 'apk',
  rpm: 'rpm',
  npm: 'semver',
  pypi: 'pep440',
  gem: 'gem',
  cargo: 'semver',
  golang: 'go',
  composer: 'composer',
  maven: 'maven',
  nuget: 'nuget',
  generic: undefined,
};

function highestVersion(versions: readonly string[], type: PackageType): string | undefined {
  const scheme = schemes[type];
  const compare = scheme === undefined ? compareText : versionSchemes[scheme].compare;
  return versions.reduce<string | undefined>(
    (highest, version) => (highest === undefined || compare(version, highest) > 0 ? version : highest),
    undefined,
  );
}
