import { compareText } from '../../../core/compare-text.ts';
import type { Changelog, ChangelogEntry } from '../../../repositories/apt/changelog.ts';
import type { VersionScheme } from '../../../versions/scheme.ts';
import { type Mention, mentionsOf } from './mentions.ts';

/** What lies between the version that is installed and the newest one: source versions. */
export interface VersionSpan {
  /** Not itself counted. */
  readonly installed: string;
  /** Counted. */
  readonly newest: string;
}

/** A CVE that a source package's changelog says it fixes. */
export interface ChangelogFix {
  readonly id: string;
  /** The entries that say so, lowest version first. */
  readonly entries: readonly [FixingEntry, ...FixingEntry[]];
}

export interface FixingEntry {
  readonly version: string;
  /** The statement that names the CVE. */
  readonly line: string;
  /** As the entry's trailer gives it. */
  readonly date?: string;
}

/** A CVE that entries mention without saying that they fix it. */
export interface UnclearMention {
  readonly id: string;
  readonly version: string;
  readonly line: string;
}

export interface ChangelogAnalysis {
  /** By id. */
  readonly fixes: readonly ChangelogFix[];
  /** By id; ids that any counted entry fixes are not among them. */
  readonly unclear: readonly UnclearMention[];
  /** Lowest version that the changelog still has, when older entries that should have been counted were cut off. */
  readonly cutAt?: string;
}

/**
 * Reads from a changelog what a newer version fixes.
 *
 * An entry counts when installed < its version ≤ newest, in dpkg's order. A CVE in it counts unless every mention of it
 * in that entry is negated, refers to another fix or is made in passing. What does not count in any entry is unclear.
 */
export function analyseChangelog(changelog: Changelog, span: VersionSpan, order: VersionScheme): ChangelogAnalysis {
  const counted = changelog.entries
    .filter(({ version }) => order.isValid(version) && isWithin(version, span, order))
    .toSorted((a, b) => order.compare(a.version, b.version));
  const fixes = new Map<string, [FixingEntry, ...FixingEntry[]]>();
  const unclear = new Map<string, UnclearMention>();
  for (const entry of counted) {
    for (const mention of clearestMentions(entry)) {
      if (mention.kind === 'fixes') addFix(fixes, mention, entry);
      else if (!unclear.has(mention.id)) unclear.set(mention.id, unclearMention(mention, entry));
    }
  }
  const cutAt = whereCut(changelog, span, order);
  return {
    fixes: [...fixes].map(([id, entries]) => ({ id, entries })).toSorted(byId),
    unclear: [...unclear.values()].filter(({ id }) => !fixes.has(id)).toSorted(byId),
    ...(cutAt === undefined ? {} : { cutAt }),
  };
}

function isWithin(version: string, { installed, newest }: VersionSpan, order: VersionScheme): boolean {
  return order.compare(version, installed) > 0 && order.compare(version, newest) <= 0;
}

/** One mention for each id: one that says it is fixed where there is any, else the first. */
function clearestMentions(entry: ChangelogEntry): Iterable<Mention> {
  const clearest = new Map<string, Mention>();
  for (const mention of mentionsOf(entry.lines)) {
    const known = clearest.get(mention.id);
    if (known === undefined || (known.kind !== 'fixes' && mention.kind === 'fixes')) clearest.set(mention.id, mention);
  }
  return clearest.values();
}

function addFix(
  fixes: Map<string, [FixingEntry, ...FixingEntry[]]>,
  { id, line }: Mention,
  { version, date }: ChangelogEntry,
): void {
  const entry = { version, line, ...(date === undefined ? {} : { date }) };
  const known = fixes.get(id);
  if (known === undefined) fixes.set(id, [entry]);
  else if (known.at(-1)?.version !== version) known.push(entry);
}

function unclearMention({ id, line }: Mention, { version }: ChangelogEntry): UnclearMention {
  return { id, version, line };
}

function whereCut({ entries, trimmed }: Changelog, span: VersionSpan, order: VersionScheme): string | undefined {
  const oldest = trimmed ? entries.at(-1)?.version : undefined;
  return oldest !== undefined && order.compare(oldest, span.installed) > 0 ? oldest : undefined;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareText(a.id, b.id);
}
