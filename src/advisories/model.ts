/** The feeds that exist; each is one file in `feeds/`. */
export type FeedId = string;

/**
 * One published vulnerability record in OSV's shape (ossf.github.io/osv-schema 1.7), reduced to what matching and
 * reports need. Withdrawn records are kept out by the feeds.
 */
export interface Advisory {
  readonly id: string;
  readonly feed: FeedId;
  readonly aliases: readonly string[];
  /** Records that this one passes on (`upstream`): DEBIAN-CVE-2024-1 → CVE-2024-1. */
  readonly upstream: readonly string[];
  readonly modified: string;
  readonly published?: string;
  readonly summary?: string;
  readonly details?: string;
  readonly severity: readonly AdvisorySeverity[];
  readonly affected: readonly Affected[];
  /** Where a person reads about it; the first is the record's own page. */
  readonly references: readonly string[];
}

export interface AdvisorySeverity {
  /** `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, or the name of a distribution's own scale. */
  readonly type: string;
  /** A CVSS vector, or a word of that scale. */
  readonly score: string;
  /** The base score 0–10 of a vector, computed once when the record is taken into the store. */
  readonly base?: number;
}

export interface Affected {
  /** With its suffix: `Debian:12`, `PyPI`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly AffectedRange[];
  readonly versions: readonly string[];
  /** A rating that the ecosystem gives for this package: Debian's urgency, Ubuntu's priority. */
  readonly severity?: readonly AdvisorySeverity[];
  /** What the publisher says will happen where no range is fixed. */
  readonly state?: 'not-fixed' | 'wont-fix';
}

export interface AffectedRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM';
  readonly events: readonly RangeEvent[];
}

/** Exactly one of the four is present. */
export interface RangeEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
  readonly limit?: string;
}

/** What a report says about a feed. */
export interface FeedStatus {
  readonly id: FeedId;
  /** OSV ecosystem or suite, where a feed is updated in parts: `PyPI`, `Debian`. */
  readonly part?: string;
  readonly updatedAt?: string;
  readonly records: number;
}
