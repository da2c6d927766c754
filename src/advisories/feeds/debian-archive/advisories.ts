import type { Advisory, AffectedRange } from '../../model.ts';
import type { ChangelogFix, FixingEntry } from './analysis.ts';
import { feedId } from './identity.ts';

/** What the advisories of one source package have in common. */
export interface AdvisoryOrigin {
  /** `Debian:12`. */
  readonly ecosystem: string;
  readonly source: string;
  /** ISO 8601; for entries whose trailer has no date. */
  readonly readAt: string;
}

/**
 * The advisories that a source package's changelog makes: one for each CVE, without a severity, since an upload's
 * urgency is none.
 *
 * A CVE that several entries fix is affected below the lowest, and again from each to the next: whichever version is
 * installed, the fix is the lowest entry above it.
 */
export function advisoriesOf(fixes: readonly ChangelogFix[], origin: AdvisoryOrigin): readonly Advisory[] {
  return fixes.map(({ id, entries }) => {
    const newest = entries.at(-1) ?? entries[0];
    const modified = isoDate(newest.date) ?? origin.readAt;
    return {
      id: `DEBIAN-ARCHIVE-${id}-${origin.source}-${origin.ecosystem.slice(origin.ecosystem.indexOf(':') + 1)}`,
      feed: feedId,
      aliases: [],
      upstream: [id],
      modified,
      summary: shortened(entries[0].line),
      details: entries.map(({ version, line }) => `${origin.source} (${version}): ${line}`).join('\n'),
      severity: [],
      affected: [{ ecosystem: origin.ecosystem, name: origin.source, ranges: rangesOf(entries), versions: [] }],
      references: [`https://security-tracker.debian.org/tracker/${id}`],
    };
  });
}

function rangesOf(entries: readonly FixingEntry[]): readonly AffectedRange[] {
  return entries.map(({ version }, index) => ({
    type: 'ECOSYSTEM',
    events: [{ introduced: entries[index - 1]?.version ?? '0' }, { fixed: version }],
  }));
}

const summaryLength = 160;

function shortened(line: string): string {
  return line.length <= summaryLength ? line : `${line.slice(0, summaryLength - 1).trimEnd()}…`;
}

function isoDate(date: string | undefined): string | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
