import type { Context } from '../core/context.ts';
import type { Report } from '../core/diagnostics.ts';
import type { Distribution } from '../inventory/model.ts';
import type { HttpClient } from '../net/http.ts';
import type { FeedId } from './model.ts';
import type { AdvisoryStore } from './store.ts';

/**
 * A source of advisories. A feed brings its part of the store up to date for what an image needs and says what it
 * could not answer; it never matches anything. Options of one feed (base address, mirror) are given where it is made.
 *
 * Adding a feed is adding its folder in `feeds/` and its line in `operations/feeds.ts`.
 */
export interface Feed {
  readonly id: FeedId;
  /** Raise it when the same source gives other advisories: parts written by an older version are fetched anew. */
  readonly version: number;
  /** Whether the feed could say anything about this ecosystem (with its suffix: `Debian:12`, `PyPI`). */
  readonly covers: (ecosystem: string) => boolean;
  /**
   * Brings the store up to date for these needs, of which all ecosystems are covered by `covers`.
   *
   * What can be answered is written with `store.replace` or `store.merge`; what cannot is a diagnostic and an entry
   * in the outcome. Throws only what ends the run: interruption, a full disk, a limit.
   */
  readonly update: (needs: FeedNeeds, io: FeedIo) => Promise<FeedOutcome>;
}

/** What an image, or the user, asks the feeds about. */
export interface FeedNeeds {
  /** OSV ecosystems with their suffix: `PyPI`, `Debian:12`, `Alpine:v3.18`. Sorted, no duplicates. */
  readonly ecosystems: readonly string[];
  /** For feeds that answer about given packages only; absent in an update without an image. */
  readonly distribution?: Distribution;
  /** The distribution's source packages (origins, for apk) that are installed: by name and version, no duplicates. */
  readonly sources: readonly SourcePackage[];
}

export interface SourcePackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
}

/** What a feed may use. */
export interface FeedIo {
  readonly http: HttpClient;
  /** Open for writing. */
  readonly store: AdvisoryStore;
  readonly context: Context;
  /** Bytes by key; a miss where there is no usable cache. */
  readonly cache: FeedCache;
  readonly report: Report;
}

/** The part of a content cache that feeds use. */
export interface FeedCache {
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>;
}

export interface FeedOutcome {
  /** The parts that are now as new as their source. */
  readonly updated: readonly string[];
  readonly uncovered: readonly Uncovered[];
}

/** Why nothing was said about an ecosystem. */
export const uncoveredReasons = [
  /** No feed knows the ecosystem. */
  'no-feed',
  /** The feed's source does not publish it. */
  'not-published',
  /** The feed could not be asked, and the store has nothing from before. */
  'unreachable',
  /** The feed could not be asked; what the store has from before was used. */
  'stale',
  /** The store has nothing, and the network is forbidden. */
  'offline',
  /** The feed answers package by package and has no answer about these. */
  'not-checked',
] as const;
export type UncoveredReason = (typeof uncoveredReasons)[number];

export interface Uncovered {
  readonly ecosystem: string;
  readonly reason: UncoveredReason;
  /** Name of the source package, when the answer is missing for it alone. */
  readonly package?: string;
}
