import type { Advisory, Affected, FeedId, FeedStatus } from './model.ts';

/** The local advisory database. Reading is synchronous and never waits for a writer. */
export interface AdvisoryStore {
  readonly directory: string;
  /** Which feeds answer about a package, and the advisories that name it. The name is in its ecosystem's form. */
  readonly find: (ecosystem: string, name: string) => readonly PackageAdvisories[];
  /** A record in full, from the first part, of this feed if one is named, that has it. */
  readonly get: (id: string, feed?: FeedId) => Advisory | undefined;
  /** Every part, by feed and part. */
  readonly parts: () => readonly StorePart[];
  readonly part: (feed: FeedId, part: string) => StorePart | undefined;
  /** The ids of a part's records. */
  readonly ids: (feed: FeedId, part: string) => readonly string[];
  /** Makes these the only advisories of the part, in one atomic write. */
  readonly replace: (write: PartWrite) => Promise<void>;
  /** Adds or replaces these by id, drops `removed`, keeps the rest of the part, in one atomic write. */
  readonly merge: (write: PartWrite & { readonly removed: readonly string[] }) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What one feed says about one package. */
export interface PackageAdvisories {
  readonly feed: FeedId;
  readonly part: string;
  /** One entry for each record and affected entry that names the package; read when asked for. */
  readonly affected: () => readonly PackageAffected[];
}

/** The part of a record that concerns one package. */
export interface PackageAffected extends Affected {
  readonly id: string;
  /** The rest of the record: aliases, severity, texts, references. */
  readonly record: () => Omit<Advisory, 'affected'>;
}

/** A write of one part of a feed. */
export interface PartWrite {
  readonly feed: FeedId;
  /** OSV ecosystem without suffix, suite, … whatever the feed is updated by: `PyPI`, `Debian:12`. */
  readonly part: string;
  readonly feedVersion: number;
  readonly advisories: Iterable<Advisory> | AsyncIterable<Advisory>;
  /** A function is called after the last advisory was taken. */
  readonly cursor: FeedCursor | (() => FeedCursor);
  /** ISO 8601 time at which the source was asked. */
  readonly updatedAt: string;
  /**
   * For feeds that answer package by package: the packages that this write answers about, those without advisories
   * too. A part written with it covers only the packages named in its writes; one without covers whole ecosystems.
   */
  readonly checked?: readonly { readonly ecosystem: string; readonly name: string }[];
}

/** Where the next update goes on from: ETag, newest timestamp, index digests … as each feed needs it. */
export type FeedCursor = Readonly<Record<string, string>>;

/** A part of a feed as the store holds it. */
export interface StorePart extends FeedStatus {
  readonly part: string;
  readonly updatedAt: string;
  readonly feedVersion: number;
  readonly cursor: FeedCursor;
  /** The ecosystems, with suffix, that its advisories or checked packages name; sorted. */
  readonly ecosystems: readonly string[];
  /** Whether it answers about whole ecosystems or only about packages that it was asked about. */
  readonly coverage: 'ecosystem' | 'package';
}
