import type { Context } from '../../core/context.ts';
import type { Report } from '../../core/diagnostics.ts';
import { CinzelError } from '../../core/errors.ts';
import type { HttpClient } from '../../net/http.ts';
import type { ArchiveKey } from '../../signing/archive-key.ts';
import { debianKeys } from '../../signing/keys/debian.ts';
import { versionSchemes } from '../../versions/index.ts';
import type { IndexedPackage } from './indexed-package.ts';
import type { Mirrors } from './mirrors.ts';
import { type IndexCache, readPackagesIndex, verified } from './packages-index.ts';
import { type Release, readRelease } from './release.ts';
import type { Suite } from './suites.ts';

/** A package with the archive that has it. */
export interface ArchivePackage extends IndexedPackage {
  readonly archive: Suite['archive'];
  readonly suite: string;
  readonly component: string;
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
  /** All versions of a binary package, newest first. */
  readonly versionsOf: (name: string) => readonly ArchivePackage[];
  /** Packages that provide a name which may be virtual, by name. */
  readonly providersOf: (name: string) => readonly ArchivePackage[];
  readonly packages: readonly ArchivePackage[];
  /** The bytes of a package; fails at the end of the stream when their hash does not fit. */
  readonly fetch: (found: ArchivePackage) => AsyncIterable<Uint8Array>;
}

export interface OpenArchiveOptions {
  readonly mirrors: Mirrors;
  readonly suites: readonly Suite[];
  readonly components: readonly string[];
  /** As Debian names it: `amd64`, `arm64`, `armhf` … */
  readonly architecture: string;
  readonly http: HttpClient;
  readonly cache: IndexCache;
  readonly context: Context;
  /** Whose signatures count; Debian's own keys unless given. */
  readonly keys?: readonly ArchiveKey[];
  /** The time at which indexes and keys must be valid: the present, whatever time results carry. */
  readonly clock?: () => Date;
  /** Takes expired indexes as diagnostics; without it they throw `untrusted.expired`. */
  readonly report?: Report;
}

/**
 * Reads the indexes of a release's suites: InRelease and its signature first, then each index by the hash that it
 * lists. Throws `environment.not-found` when the archive has none of the suites.
 */
export async function openArchive(options: OpenArchiveOptions): Promise<AptArchive> {
  const lists = await Promise.all(options.suites.map((suite) => readSuite(suite, options)));
  const found = lists.flatMap((list) => list ?? []);
  if (found.length === 0) {
    throw new CinzelError('environment.not-found', {
      what: `The suite ${options.suites[0]?.name} in ${options.mirrors.main}`,
    });
  }
  const packages = found.flatMap((list) => list.packages);
  const bySource = groupBy(packages, ({ source }) => source);
  const byName = groupBy(packages, ({ name }) => name);
  let provides: ReadonlyMap<string, readonly ArchivePackage[]> | undefined;
  const { signal } = options.context;
  return {
    releases: found.map(({ release }) => release),
    newest: (source) => newestOf(bySource.get(source) ?? []),
    versionsOf: (name) => [...(byName.get(name) ?? [])].sort((a, b) => compare(b.version, a.version)),
    providersOf: (name) => {
      provides ??= providers(packages);
      return provides.get(name) ?? [];
    },
    packages,
    fetch: (wanted) => fetchPackage(wanted, options, signal),
  };
}

interface SuitePackages {
  readonly release: Release;
  readonly packages: readonly ArchivePackage[];
}

async function readSuite(suite: Suite, options: OpenArchiveOptions): Promise<SuitePackages | undefined> {
  const { mirrors, http, cache, context, report } = options;
  const archive = mirrors[suite.archive];
  const { signal } = context;
  const release = await readRelease(archive, suite.name, {
    http,
    keys: options.keys ?? debianKeys,
    now: options.clock?.() ?? new Date(),
    signal,
    ...(report === undefined ? {} : { report }),
  });
  if (release === undefined) return undefined;
  const packages: ArchivePackage[] = [];
  for (const component of options.components) {
    const request = {
      archive,
      suite: suite.name,
      release,
      component,
      architecture: options.architecture,
      http,
      cache,
      signal,
    };
    for (const found of await readPackagesIndex(request))
      packages.push({ ...found, archive: suite.archive, suite: suite.name, component });
  }
  return { release, packages };
}

async function* fetchPackage(
  wanted: ArchivePackage,
  { mirrors, http }: OpenArchiveOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const response = await http.request(`${mirrors[wanted.archive]}/${wanted.filename}`, { signal });
  yield* verified(response.body, wanted, wanted.filename);
}

function compare(a: string, b: string): number {
  return versionSchemes.deb.compare(a, b);
}

function newestOf(packages: readonly ArchivePackage[]): ArchiveSource | undefined {
  let version: string | undefined;
  for (const { sourceVersion } of packages) {
    if (version === undefined || compare(sourceVersion, version) > 0) version = sourceVersion;
  }
  if (version === undefined) return undefined;
  return { version, binaries: packages.filter(({ sourceVersion }) => sourceVersion === version) };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function providers(packages: readonly ArchivePackage[]): ReadonlyMap<string, readonly ArchivePackage[]> {
  const map = new Map<string, ArchivePackage[]>();
  for (const found of packages) {
    for (const item of found.provides.split(',')) {
      const name = item.trim().split(/\s/)[0] ?? '';
      if (name !== '') map.set(name, [...(map.get(name) ?? []), found]);
    }
  }
  return map;
}
