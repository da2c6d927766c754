import { createHash } from 'node:crypto';
import { CinzelError } from '../../core/errors.ts';
import { streamDeb822 } from '../../formats/deb822.ts';
import { decompress } from '../../formats/decompress.ts';
import type { HttpClient } from '../../net/http.ts';
import { type IndexedPackage, stanzaFields, toPackage } from './indexed-package.ts';
import { createNameRanks } from './name-ranks.ts';
import { packedVersion, packIndex, unpackIndex } from './packed-index.ts';
import type { Release, ReleaseFile } from './release.ts';

/** The part of a content cache that indexes are kept in. */
export interface IndexCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export interface IndexRequest {
  /** Base address of the archive. */
  readonly archive: string;
  readonly suite: string;
  readonly release: Release;
  readonly component: string;
  readonly architecture: string;
  readonly http: HttpClient;
  readonly cache: IndexCache;
  readonly signal: AbortSignal;
}

/**
 * The packages of one component and architecture. Their index is fetched by its hash in the smallest form that the
 * release lists, verified, and kept in a compact form under that hash. None when the release has no such index.
 */
export async function readPackagesIndex(request: IndexRequest): Promise<readonly IndexedPackage[]> {
  const { release, component, architecture, cache } = request;
  const path = `${component}/binary-${architecture}/Packages`;
  const plain = release.files.get(path);
  const form = (['.xz', '.gz', ''] as const)
    .map((suffix) => ({ path: `${path}${suffix}`, file: release.files.get(`${path}${suffix}`) }))
    .find(({ file }) => file !== undefined);
  if (form?.file === undefined) return [];
  const key = `apt-index/${packedVersion}/${(plain ?? form.file).sha256}`;
  const known = await cache.get(key);
  if (known !== undefined) return unpackIndex(known);
  const packages: IndexedPackage[] = [];
  const rankStanza = createNameRanks();
  for await (const stanzas of streamDeb822(fetchIndex(form.path, form.file, request), { fields: stanzaFields })) {
    for (const stanza of stanzas) {
      const found = toPackage(
        (name) => stanza.get(name),
        rankStanza((name) => stanza.get(name)),
      );
      if (found !== undefined) packages.push(found);
    }
  }
  await cache.put(key, packIndex(packages));
  return packages;
}

async function* fetchIndex(
  path: string,
  file: ReleaseFile,
  { archive, suite, release, http, signal }: IndexRequest,
): AsyncGenerator<Uint8Array> {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const byHash = `${archive}/dists/${suite}/${folder}/by-hash/SHA256/${file.sha256}`;
  const plain = `${archive}/dists/${suite}/${path}`;
  const response = await http.request(release.acquireByHash ? byHash : plain, {
    signal,
    accept: release.acquireByHash ? [404] : [],
  });
  const body = response.status === 404 ? (await http.request(plain, { signal })).body : response.body;
  yield* decompress(verified(body, file, `${suite}/${path}`), 'detect');
}

/** Passes bytes on and throws at the end unless they were the file that the release lists. */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  file: ReleaseFile,
  what: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    size += chunk.length;
    if (size > file.size) throw new CinzelError('untrusted.size', { what, expected: file.size, actual: size });
    yield chunk;
  }
  const actual = hash.digest('hex');
  if (actual !== file.sha256) {
    throw new CinzelError('untrusted.digest', { what, expected: `sha256:${file.sha256}`, actual: `sha256:${actual}` });
  }
}
