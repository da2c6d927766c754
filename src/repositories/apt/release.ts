import type { Report } from '../../core/diagnostics.ts';
import { CinzelError } from '../../core/errors.ts';
import { parseDeb822 } from '../../formats/deb822.ts';
import type { HttpClient } from '../../net/http.ts';
import type { ArchiveKey } from '../../signing/archive-key.ts';
import { type Signature, verifyClearSigned } from '../../signing/openpgp.ts';

/** A suite's signed index of indexes (wiki.debian.org/DebianRepository/Format, "Release files"). */
export interface Release {
  readonly suite: string;
  readonly codename: string;
  readonly origin: string;
  readonly date: string;
  readonly validUntil?: string;
  readonly components: readonly string[];
  readonly architectures: readonly string[];
  readonly acquireByHash: boolean;
  readonly signature: Signature;
  /** Files below `dists/SUITE`, by path. */
  readonly files: ReadonlyMap<string, ReleaseFile>;
}

export interface ReleaseFile {
  readonly sha256: string;
  readonly size: number;
}

export interface ReadReleaseOptions {
  readonly http: HttpClient;
  readonly keys: readonly ArchiveKey[];
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Past `Valid-Until`, a diagnostic says so; without it, that throws `untrusted.expired`. */
  readonly report?: Report;
}

const releaseBytes = 16 * 1024 ** 2;

/**
 * Reads and verifies `InRelease` of a suite; undefined when the archive does not have the suite. Throws
 * `untrusted.signature`, `untrusted.malformed`, `untrusted.expired`.
 */
export async function readRelease(
  archive: string,
  suite: string,
  options: ReadReleaseOptions,
): Promise<Release | undefined> {
  const url = `${archive}/dists/${suite}/InRelease`;
  const response = await options.http.request(url, { accept: [404], signal: options.signal });
  if (response.status === 404) {
    await response.discard();
    return undefined;
  }
  const what = `InRelease of ${suite}`;
  const { text, signature } = await verifyClearSigned(await response.bytes(releaseBytes), {
    keys: options.keys,
    what,
    now: options.now,
  });
  const release = parseRelease(text, signature, what);
  checkSuite(release, suite, what);
  checkValidity(release, suite, options);
  return release;
}

function parseRelease(text: string, signature: Signature, what: string): Release {
  const [stanza] = parseDeb822(text);
  const hashes = stanza?.get('SHA256');
  if (stanza === undefined || hashes === undefined) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'it lists no SHA-256 hashes' });
  }
  const files = new Map<string, ReleaseFile>();
  for (const line of hashes.split('\n')) {
    const [sha256 = '', size = '', path = ''] = line.trim().split(/\s+/);
    if (/^[0-9a-f]{64}$/.test(sha256) && /^\d+$/.test(size)) files.set(path, { sha256, size: Number(size) });
  }
  const validUntil = stanza.get('Valid-Until');
  return {
    suite: stanza.get('Suite') ?? '',
    codename: stanza.get('Codename') ?? '',
    origin: stanza.get('Origin') ?? '',
    date: stanza.get('Date') ?? '',
    ...(validUntil === undefined ? {} : { validUntil }),
    components: words(stanza.get('Components')),
    architectures: words(stanza.get('Architectures')),
    acquireByHash: stanza.get('Acquire-By-Hash') === 'yes',
    signature,
    files,
  };
}

function words(text = ''): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** A mirror must not pass one suite off as another: names in a signed index say which it is. */
function checkSuite({ suite, codename }: Release, asked: string, what: string): void {
  if ([suite, codename].includes(asked) || asked.endsWith('/updates')) return;
  throw new CinzelError('untrusted.signature', { what, problem: `it is signed for ${codename || suite}` });
}

function checkValidity({ validUntil }: Release, suite: string, { now, report }: ReadReleaseOptions): void {
  if (validUntil === undefined || Date.parse(validUntil) >= now.getTime()) return;
  if (report === undefined)
    throw new CinzelError('untrusted.expired', { what: `The index of ${suite}`, date: validUntil });
  report({ code: 'archive.expired', severity: 'warning', parameters: { suite, date: validUntil } });
}
