import { compareText } from '../core/compare-text.ts';
import type { Match } from './match.ts';

/** The records about one package that speak of one vulnerability. */
export interface MatchGroup {
  /** The CVE if there is one, else the first of GHSA, distribution id, other. */
  readonly id: string;
  /** Sorted; never another CVE. */
  readonly aliases: readonly string[];
  /** By record id, then feed. */
  readonly matches: readonly Match[];
}

/**
 * Groups the matches of one package by vulnerability:
 *
 * 1. A record speaks of each CVE that is its id or that it names in `aliases` or `upstream`.
 * 2. A record without a CVE speaks of the CVEs of the records that its aliases lead to, from record to record until
 *    one names a CVE; `upstream` does not lead anywhere, as two advisories may pass on the same one.
 * 3. Each CVE is a group. Records that lead to no CVE form groups of those that aliases join.
 *
 * So two CVEs are never merged, whichever record names both. A record that names several CVEs gives its own id to
 * each of their groups, but not its other aliases: it does not say which of them belongs to which CVE.
 */
export function groupMatches(matches: readonly Match[]): readonly MatchGroup[] {
  const records = matches.map(describe).sort((a, b) => compareText(a.id, b.id) || compareText(a.feed, b.feed));
  const joined = joinByAlias(records.filter(({ cves }) => cves.length === 0));
  const groups = new Map<string, Member[]>();
  for (const record of records) addTo(groups, record.cves, record);
  for (const members of joined) {
    const cves = cvesReached(members, records);
    for (const member of members) addTo(groups, cves.length > 0 ? cves : [bestId(namesOf(members))], member);
  }
  return [...groups].map(([id, members]) => createGroup(id, members)).sort((a, b) => compareText(a.id, b.id));
}

interface DescribedMatch {
  readonly match: Match;
  readonly id: string;
  readonly feed: string;
  readonly aliases: readonly string[];
  readonly cves: readonly string[];
}

function describe(match: Match): DescribedMatch {
  const { id, aliases, upstream } = match.affected.record();
  const cves = [...new Set([id, ...aliases, ...upstream].filter(isCve))].sort(compareText);
  return { match, id, feed: match.feed, aliases, cves };
}

function isCve(id: string): boolean {
  return /^CVE-\d{4}-\d{4,19}$/.test(id);
}

/** Records that share a name, directly or through others. */
function joinByAlias(records: readonly DescribedMatch[]): readonly (readonly DescribedMatch[])[] {
  const groups: { readonly names: Set<string>; readonly members: DescribedMatch[] }[] = [];
  for (const record of records) {
    const names = new Set([record.id, ...record.aliases]);
    const touching = groups.filter((group) => [...names].some((name) => group.names.has(name)));
    const members = [...touching.flatMap((group) => group.members), record];
    const all = new Set([...touching.flatMap((group) => [...group.names]), ...names]);
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push({ names: all, members });
  }
  return groups.map(({ members }) => members);
}

/** The CVEs of the records that share a name with one of these. */
function cvesReached(members: readonly DescribedMatch[], records: readonly DescribedMatch[]): readonly string[] {
  const names = namesOf(members);
  const neighbours = records.filter(({ id, aliases }) => [id, ...aliases].some((name) => names.has(name)));
  return [...new Set(neighbours.flatMap(({ cves }) => cves))].sort(compareText);
}

function namesOf(members: readonly DescribedMatch[]): ReadonlySet<string> {
  return new Set(members.flatMap(({ id, aliases }) => [id, ...aliases]));
}

/** Advisory ids of distributions: Debian, Ubuntu, Alpine, Red Hat and its rebuilds, SUSE, Amazon, Oracle, Wolfi … */
const distributionId =
  /^(?:D[SL]A|DTSA|USN|LSN|DEBIAN|UBUNTU|ALPINE|RH[SBE]A|AL[SBE]A|R[LX]SA|(?:open)?SUSE|MGASA|OESA|AZL|ELSA|ALAS\d*|CGA|ECHO|MINI|BELL)-/;

function bestId(names: ReadonlySet<string>): string {
  const ids = [...names].sort(compareText);
  return ids.find((id) => id.startsWith('GHSA-')) ?? ids.find((id) => distributionId.test(id)) ?? ids[0] ?? '';
}

interface Member {
  readonly match: Match;
  /** The names that it brings to this group. */
  readonly names: readonly string[];
}

function addTo(groups: Map<string, Member[]>, ids: readonly string[], record: DescribedMatch): void {
  const names = ids.length > 1 ? [record.id] : [record.id, ...record.aliases];
  for (const id of ids) {
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [{ match: record.match, names }]);
    else group.push({ match: record.match, names });
  }
}

function createGroup(id: string, members: readonly Member[]): MatchGroup {
  const names = new Set(members.flatMap((member) => member.names));
  const matches = members.map(({ match }) => match).sort(compareMatches);
  return { id, aliases: [...names].filter((name) => name !== id && !isCve(name)).sort(compareText), matches };
}

function compareMatches(a: Match, b: Match): number {
  return compareText(a.affected.id, b.affected.id) || compareText(a.feed, b.feed);
}
