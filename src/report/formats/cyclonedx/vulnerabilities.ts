import { compareText } from '../../../core/compare-text.ts';
import type { Finding, Severity, Verdict } from '../../../findings/model.ts';
import type { Catalogue } from '../../../i18n/catalogue.ts';
import type { Package } from '../../../inventory/model.ts';
import { webUrl } from '../../web-url.ts';
import { packageReference } from './components.ts';

/** One entry for each vulnerability and verdict, with every package that it affects. */
export function createVulnerabilities(
  findings: readonly Finding[],
  packages: readonly Package[],
  catalogue: Catalogue,
): readonly object[] {
  const names = new Map(packages.map((item) => [item.id, item.name]));
  const byVerdict = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.id, finding.verdict]);
    const members = byVerdict.get(key);
    if (members === undefined) byVerdict.set(key, [finding]);
    else members.push(finding);
  }
  return [...byVerdict]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([, members]) => createVulnerability(members, names, catalogue));
}

function createVulnerability(
  findings: readonly Finding[],
  names: ReadonlyMap<string, string>,
  catalogue: Catalogue,
): readonly object[] {
  const [first] = findings;
  if (first === undefined) return [];
  const advisories = findings.flatMap((finding) => finding.sources.map((source) => webUrl(source.url)));
  const urls = [...new Set(advisories.filter((url) => url !== undefined))].toSorted(compareText);
  const summary = findings.find((finding) => finding.summary !== undefined)?.summary;
  const solutions = findings.flatMap((finding) => solutionOf(finding, names, catalogue));
  const published = first.published === undefined ? Number.NaN : Date.parse(first.published);
  return [
    {
      id: first.id,
      ...sourceOf(first),
      references: referencesOf(findings),
      ratings: ratingsOf(findings),
      ...(summary === undefined ? {} : { description: summary }),
      ...(solutions.length === 0 ? {} : { recommendation: [...new Set(solutions)].join(' ') }),
      advisories: urls.map((url) => ({ url })),
      ...(Number.isNaN(published) ? {} : { published: new Date(published).toISOString() }),
      ...analysisOf(first.verdict),
      affects: affectsOf(findings),
    },
  ];
}

function sourceOf(finding: Finding): object {
  const own = finding.sources.find((source) => source.id === finding.id) ?? finding.sources[0];
  if (own === undefined) return {};
  const url = webUrl(own.url);
  return { source: { name: own.feed, ...(url === undefined ? {} : { url }) } };
}

/** The other records that speak of it, and names under which it is known elsewhere. */
function referencesOf(findings: readonly Finding[]): readonly object[] {
  const [first] = findings;
  const sources = findings.flatMap((finding) => finding.sources);
  const aliases = findings.flatMap((finding) => finding.aliases);
  const ids = [...new Set([...sources.map((source) => source.id), ...aliases])];
  return ids
    .filter((id) => id !== first?.id)
    .toSorted(compareText)
    .map((id) => {
      const source = sources.find((candidate) => candidate.id === id);
      const url = source === undefined ? undefined : webUrl(source.url);
      return { id, source: { ...(source === undefined ? {} : { name: source.feed }), ...(url ? { url } : {}) } };
    });
}

function ratingsOf(findings: readonly Finding[]): readonly object[] {
  const ratings = findings.map((finding) => ({
    ...(finding.severitySource === undefined ? {} : { source: { name: finding.severitySource } }),
    ...(finding.score === undefined ? {} : { score: finding.score }),
    severity: severityNames[finding.severity],
    ...methodOf(finding.vector),
  }));
  return [...new Map(ratings.map((rating) => [JSON.stringify(rating), rating])).values()];
}

const severityNames: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  negligible: 'info',
  unknown: 'unknown',
};

function methodOf(vector: string | undefined): object {
  if (vector === undefined) return {};
  const version = /^CVSS:(\d\.\d)\//.exec(vector)?.[1];
  const methods: Readonly<Record<string, string>> = { '3.0': 'CVSSv3', '3.1': 'CVSSv31', '4.0': 'CVSSv4' };
  const method =
    version === undefined ? (vector.startsWith('AV:') ? 'CVSSv2' : 'other') : (methods[version] ?? 'other');
  return { method, vector };
}

function solutionOf(finding: Finding, names: ReadonlyMap<string, string>, catalogue: Catalogue): readonly string[] {
  const { version } = finding.fix;
  if (version === undefined) return [];
  return [catalogue.report.finding.solution(names.get(finding.packageId) ?? finding.purl, version)];
}

/**
 * What a statement about the code ruled out is `not_affected`. What somebody chose to ignore will not be fixed, and
 * nothing is said of whether it can be exploited.
 */
function analysisOf(verdict: Verdict): object {
  if (verdict.kind !== 'suppressed') return {};
  const expires = verdict.expires === undefined ? '' : ` (${verdict.expires})`;
  const detail = `${verdict.by}: ${verdict.reason}${expires}`;
  const isRuledOut = verdict.by === 'vex' || verdict.by === 'rule';
  return { analysis: isRuledOut ? { state: 'not_affected', detail } : { response: ['will_not_fix'], detail } };
}

function affectsOf(findings: readonly Finding[]): readonly object[] {
  const affected = new Map(
    findings.map((finding) => [
      finding.packageId,
      {
        ref: packageReference(finding.packageId),
        versions: [{ version: finding.installedVersion, status: 'affected' }],
      },
    ]),
  );
  return [...affected].toSorted(([a], [b]) => compareText(a, b)).map(([, item]) => item);
}
