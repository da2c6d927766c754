import { ecosystemTraits } from '../advisories/ecosystems.ts';
import { rangeScheme } from '../advisories/listed-versions.ts';
import { versionSchemes } from '../versions/index.ts';
import type { VersionScheme } from '../versions/scheme.ts';
import type { Match } from './match.ts';
import type { Finding } from './model.ts';
import { evaluateAffected } from './osv-evaluate.ts';

export type Fix = Finding['fix'];

/**
 * What fixes a match: the lowest `fixed` version above the installed one that the record does not hold again, along
 * the range that holds, then along the entry's other ranges. Without one the publisher's word counts; then a range
 * that nothing closes is not fixed, and anything else (`last_affected`, a listed version) is unknown.
 */
export function fixOf(match: Match): Fix {
  const { affected, evaluation, query } = match;
  const entry = changelogEntry(match);
  if (entry !== undefined) return { state: 'fixed', version: entry };
  const order = orderOf(affected.ecosystem);
  const ranges = evaluation.kind === 'range' ? [evaluation.range, ...affected.ranges] : affected.ranges;
  for (const range of order === undefined ? [] : ranges) {
    const scheme = order && rangeScheme(order)(range.type);
    const fixed = range.events.flatMap((event) => event.fixed ?? []);
    const version = scheme && lowestFix(fixed, match, scheme);
    if (version !== undefined) return { state: 'fixed', version };
  }
  if (affected.state !== undefined) return { state: affected.state };
  const open = evaluation.kind === 'range' && evaluation.range.events.every((event) => event.introduced !== undefined);
  return query.version !== '' && open ? { state: 'not-fixed' } : { state: 'unknown' };
}

/**
 * The lowest counting entry of a changelog fixes it, even if a higher one completes the fix: the ranges of such a
 * record lead from entry to entry.
 */
function changelogEntry({ feed, evaluation }: Match): string | undefined {
  if (feed !== 'debian-archive' || evaluation.kind !== 'range') return undefined;
  return evaluation.range.events.flatMap(({ fixed }) => fixed ?? [])[0];
}

function lowestFix(fixed: readonly string[], { affected, query }: Match, scheme: VersionScheme): string | undefined {
  return fixed
    .filter((version) => scheme.compare(version, query.version) > 0)
    .sort((a, b) => scheme.compare(a, b))
    .find((version) => evaluateAffected(affected, version) === undefined);
}

function orderOf(ecosystem: string): VersionScheme | undefined {
  const { scheme } = ecosystemTraits(ecosystem);
  return scheme && versionSchemes[scheme];
}

/**
 * What fixes all matches of one finding. Each record must be satisfied, so the highest of their fixes counts; a
 * record without one does not take away the others'.
 */
export function commonFix(matches: readonly Match[]): Fix {
  const fixes = matches.map(fixOf);
  const order = matches[0] && orderOf(matches[0].query.ecosystem);
  const versions = fixes.flatMap(({ version }) => version ?? []);
  const highest = versions.sort((a, b) => order?.compare(a, b) ?? 0).at(-1);
  if (highest !== undefined) return { state: 'fixed', version: highest };
  const state = (['wont-fix', 'not-fixed'] as const).find((wanted) => fixes.some((fix) => fix.state === wanted));
  return { state: state ?? 'unknown' };
}
