import type { Report } from '../../core/diagnostics.ts';
import { CinzelError } from '../../core/errors.ts';
import type { Subject } from '../../core/subjects.ts';
import { parseDeb822 } from '../../formats/deb822.ts';
import type { ArchiveKey } from '../../signing/archive-key.ts';
import type { Signature, SignedDocument } from '../../signing/openpgp.ts';
import type { FetchIo } from './fetch-file.ts';
import { checkNotOlder } from './rollback.ts';
import { fetchSignedRelease } from './signed-release.ts';

/** A suite's signed index of indexes (wiki.debian.org/DebianRepository/Format, "Release files"). */
export interface Release {
  readonly suite: string;
  readonly codename: string;
  readonly origin: string;
  readonly label: string;
  readonly version: string;
  readonly date: string;
  readonly validUntil?: string;
  readonly components: readonly string[];
  readonly architectures: readonly string[];
  readonly acquireByHash: boolean;
  /** Packages for all architectures are listed apart, and not again with each (`No-Support-for-Architecture-all`). */
  readonly listsAllApart: boolean;
  /** Its packages are not to be taken on their own account (`NotAutomatic`), as in experimental. */
  readonly notAutomatic: boolean;
  /** Once taken, newer ones of it follow (`ButAutomaticUpgrades`), as in backports. */
  readonly automaticUpgrades: boolean;
  readonly signature: Signature;
  /** Files below `dists/SUITE`, by path. */
  readonly files: ReadonlyMap<string, ReleaseFile>;
}

export interface ReleaseFile {
  readonly sha256: string;
  readonly size: number;
}

/** The part of a content cache that indexes are kept in. */
export interface IndexCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export interface ReadReleaseOptions {
  readonly io: FetchIo;
  readonly keys: readonly ArchiveKey[];
  readonly now: Date;
  /** Remembers how new each suite was. */
  readonly cache: IndexCache;
  /** Past `Valid-Until`, a diagnostic says so; without it, that throws `untrusted.expired`. */
  readonly allowExpired?: boolean | undefined;
  readonly report?: Report | undefined;
}

/**
 * Reads and verifies the release file of a suite; undefined when the archive does not have the suite. Throws
 * `untrusted.signature`, `untrusted.malformed`, `untrusted.expired`, and `untrusted.rolled-back` when this archive has
 * shown a newer one before.
 */
export async function readRelease(
  archive: string,
  suite: string,
  options: ReadReleaseOptions,
): Promise<Release | undefined> {
  const what = { kind: 'suite-index', suite } as const;
  const { io, keys, now } = options;
  const document = await fetchSignedRelease(`dists/${suite}`, { archive, what, io, keys, now });
  if (document === undefined) return undefined;
  const release = parseRelease(document, what);
  checkSuite(release, suite, what);
  checkValidity(release, suite, options);
  await checkNotOlder(release, { archive, suite, cache: options.cache });
  return release;
}

function parseRelease({ text, signature }: SignedDocument, what: Subject): Release {
  const [stanza] = parseDeb822(text);
  const hashes = stanza?.get('SHA256');
  if (stanza === undefined || hashes === undefined) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'no-sha256' });
  }
  const validUntil = stanza.get('Valid-Until');
  return {
    suite: stanza.get('Suite') ?? '',
    codename: stanza.get('Codename') ?? '',
    origin: stanza.get('Origin') ?? '',
    label: stanza.get('Label') ?? '',
    version: stanza.get('Version') ?? '',
    date: stanza.get('Date') ?? '',
    ...(validUntil === undefined ? {} : { validUntil }),
    components: words(stanza.get('Components')),
    architectures: words(stanza.get('Architectures')),
    acquireByHash: stanza.get('Acquire-By-Hash') === 'yes',
    listsAllApart:
      words(stanza.get('Architectures')).includes('all') &&
      !words(stanza.get('No-Support-for-Architecture-all')).includes('Packages'),
    notAutomatic: stanza.get('NotAutomatic') === 'yes',
    automaticUpgrades: stanza.get('ButAutomaticUpgrades') === 'yes',
    signature,
    files: parseFiles(hashes),
  };
}

function parseFiles(hashes: string): ReadonlyMap<string, ReleaseFile> {
  const files = new Map<string, ReleaseFile>();
  for (const line of hashes.split('\n')) {
    const [sha256 = '', size = '', path = ''] = line.trim().split(/\s+/);
    if (/^[0-9a-f]{64}$/.test(sha256) && /^\d{1,15}$/.test(size)) files.set(path, { sha256, size: Number(size) });
  }
  return files;
}

function words(text = ''): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** A mirror must not pass one suite off as another: names in a signed index say which it is. */
function checkSuite({ suite, codename }: Release, asked: string, what: Subject): void {
  // The security suites of releases until Debian 10 lie in folders below their names.
  if ([asked, asked.replace(/\/updates$/, '')].some((name) => [suite, codename].includes(name))) return;
  throw new CinzelError('untrusted.signature', { what, problem: { kind: 'signed-for', suite: codename || suite } });
}

function checkValidity({ validUntil }: Release, suite: string, options: ReadReleaseOptions): void {
  const { now, allowExpired = false, report } = options;
  // A date that cannot be read is one that has not been kept.
  if (validUntil === undefined || Date.parse(validUntil) >= now.getTime()) return;
  if (!allowExpired)
    throw new CinzelError('untrusted.expired', { what: { kind: 'suite-index', suite }, date: validUntil });
  report?.({ code: 'archive.expired', severity: 'warning', parameters: { suite, date: validUntil } });
}
