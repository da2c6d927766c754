import type { Context } from '../../core/context.ts';
import type { Report } from '../../core/diagnostics.ts';
import { CinzelError } from '../../core/errors.ts';
import type { HttpClient } from '../../net/http.ts';
import type { ArchiveKey } from '../../signing/archive-key.ts';
import { archiveKeys, type KnownArchive } from '../../signing/archive-keys.ts';
import { type FetchIo, fetchFile } from './fetch-file.ts';
import type { IndexedPackage } from './indexed-package.ts';
import { lookUp } from './look-up.ts';
import { archiveAddress, type Mirrors } from './mirrors.ts';
import { readPackagesIndex, verified } from './packages-index.ts';
import type { Pin } from './pins.ts';
import { type PlacedIndex, placeIndex } from './place-packages.ts';
import { type IndexCache, type Release, readRelease } from './release.ts';
import { checkSupported, type Suite } from './suites.ts';

/** A package with the archive that has it. */
export interface ArchivePackage extends IndexedPackage {
  readonly archive: Suite['archive'];
  readonly suite: string;
  readonly component: string;
  /** Who publishes the archive, as its release file says: `Debian`. */
  readonly origin: string;
  /** When the index that lists it was made, as its release file says (RFC 5322). */
  readonly published: string;
}

/** The newest version of a source package with the binary packages that were built from it. */
export interface ArchiveSource {
  readonly version: string;
  readonly binaries: readonly ArchivePackage[];
}

/** The suites of a release, their indexes verified. */
export interface AptArchive {
  readonly releases: readonly Release[];
  /** The newest version of a source over all suites. */
  readonly newest: (source: string) => ArchiveSource | undefined;
  /** The versions of a binary package that may be taken, each once: the highest priority first, then the newest. */
  readonly versionsOf: (name: string) => readonly ArchivePackage[];
  /** Packages that provide a name which may be virtual, by name. */
  readonly providersOf: (name: string) => readonly ArchivePackage[];
  /** The place at which the indexes, one after the other, have the name first (`createNameRanks`). */
  readonly rankOf: (name: string) => number;
  /** The bytes of a package; fails at the end of the stream when their hash does not fit. */
  readonly fetch: (found: ArchivePackage) => AsyncIterable<Uint8Array>;
}

export interface OpenArchiveOptions {
  readonly mirrors: Mirrors;
  readonly suites: readonly Suite[];
  /** Of suites that do not name their own. */
  readonly components: readonly string[];
  /** As Debian names it: `amd64`, `arm64`, `armhf` … */
  readonly architecture: string;
  readonly http: HttpClient;
  readonly cache: IndexCache;
  readonly context: Context;
  /** Whose archives these are; Debian's unless given. */
  readonly distribution?: KnownArchive;
  /** Whose signatures count; the distribution's own keys unless given. */
  readonly keys?: readonly ArchiveKey[];
  /** Rules that prefer some packages or releases to others. */
  readonly pins?: readonly Pin[];
  /** The time at which indexes and keys must be valid: the present, whatever time results carry. */
  readonly clock?: () => Date;
  /** Takes indexes past their `Valid-Until`, and says so; without it they throw `untrusted.expired`. */
  readonly allowExpired?: boolean;
  /** Takes releases whose support has ended; without it they throw `usage.end-of-life`. */
  readonly allowEol?: boolean;
  readonly report?: Report;
}

/**
 * Reads the indexes of a release's suites: the release file and its signature first, then each index by the hash that
 * it lists. Throws `environment.no-suite` when the archive has none of the suites.
 */
export async function openArchive(options: OpenArchiveOptions): Promise<AptArchive> {
  const { suites, mirrors, http, context, report, pins = [] } = options;
  if (options.allowEol !== true) checkSupported(suites);
  context.progress({ kind: 'archive', address: mirrors.main });
  const io: FetchIo = { http, signal: context.signal, credentials: mirrors.credentials };
  const lists = await Promise.all(suites.map((suite) => readSuite(suite, io, options)));
  const found = lists.flatMap((list) => list ?? []);
  if (found.length === 0) {
    throw new CinzelError('environment.no-suite', { suite: suites[0]?.name ?? '' });
  }
  for (const [index, { name: suite }] of suites.entries()) {
    if (lists[index] !== undefined) continue;
    report?.({ code: 'archive.suite-missing', severity: 'warning', parameters: { suite } });
  }
  const indexes = found.flatMap((suite) => suite.indexes);
  const releaseOf = new Map(found.map(({ suite, release }) => [placeOf(suite.archive, suite.name), release]));
  const lookedUp = lookUp(indexes, {
    pins,
    releaseOf: ({ archive, suite }) => releaseOf.get(placeOf(archive, suite)),
  });
  return {
    releases: found.map(({ release }) => release),
    ...lookedUp,
    fetch: (wanted) => fetchPackage(wanted, archiveAddress(mirrors, wanted.archive), io),
  };
}

function placeOf(archive: string, suite: string): string {
  return `${archive} ${suite}`;
}

interface SuitePackages {
  readonly suite: Suite;
  readonly release: Release;
  readonly indexes: readonly PlacedIndex[];
}

async function readSuite(suite: Suite, io: FetchIo, options: OpenArchiveOptions): Promise<SuitePackages | undefined> {
  const { mirrors, cache, allowExpired, report, architecture } = options;
  const archive = archiveAddress(mirrors, suite.archive);
  const keys = suite.keys ?? options.keys ?? (await archiveKeys(options.distribution ?? 'debian'));
  const now = options.clock?.() ?? new Date();
  const release = await readRelease(archive, suite.name, { io, keys, now, cache, allowExpired, report });
  if (release === undefined) return undefined;
  const { origin, date: published } = release;
  const architectures = release.listsAllApart ? [architecture, 'all'] : [architecture];
  const wanted = (suite.components ?? options.components).flatMap((component) =>
    architectures.map((one) => ({ component, architecture: one })),
  );
  const indexes = await Promise.all(
    wanted.map(async ({ component, architecture: one }) => {
      const request = { archive, suite: suite.name, release, component, architecture: one, io, cache };
      const place = { archive: suite.archive, suite: suite.name, component, origin, published };
      const index = await readPackagesIndex(request);
      return index === undefined ? [] : [placeIndex(index, place)];
    }),
  );
  return { suite, release, indexes: indexes.flat() };
}

async function* fetchPackage(wanted: ArchivePackage, archive: string, io: FetchIo): AsyncGenerator<Uint8Array> {
  const file = await fetchFile(archive, wanted.filename, io);
  if (file === undefined) {
    throw new CinzelError('environment.http', { url: `${archive}/${wanted.filename}`, status: 404 });
  }
  yield* verified(file.body, wanted, wanted.filename);
}
