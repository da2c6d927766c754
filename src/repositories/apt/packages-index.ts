import { createHash } from 'node:crypto';
import { CinzelError } from '../../core/errors.ts';
import type { Subject } from '../../core/subjects.ts';
import { streamDeb822 } from '../../formats/deb822.ts';
import { decompress } from '../../formats/decompress.ts';
import { type FetchIo, fetchFile } from './fetch-file.ts';
import { type IndexedPackage, stanzaFields, toPackage } from './indexed-package.ts';
import { createNameRanks } from './name-ranks.ts';
import { openIndex, type PackageIndex, packedVersion, packIndex } from './packed-index.ts';
import type { IndexCache, Release, ReleaseFile } from './release.ts';

export interface IndexRequest {
  /** Base address of the archive. */
  readonly archive: string;
  readonly suite: string;
  readonly release: Release;
  readonly component: string;
  readonly architecture: string;
  readonly io: FetchIo;
  readonly cache: IndexCache;
}

/**
 * The packages of one component and architecture. Their index is fetched by its hash in the smallest form that the
 * release lists, verified, and kept in a form that can be searched under that hash. Undefined when the release has none.
 */
export async function readPackagesIndex(request: IndexRequest): Promise<PackageIndex | undefined> {
  const { release, component, architecture, cache } = request;
  const path = `${component}/binary-${architecture}/Packages`;
  const forms = formsOf(path, release);
  const [smallest] = forms;
  if (smallest === undefined) return undefined;
  const key = `apt-index/${packedVersion}/${(release.files.get(path) ?? smallest.file).sha256}`;
  const known = await cache.get(key);
  if (known !== undefined) return openIndex(known);
  const packed = packIndex(await packagesOf(fetchIndex(forms, request)));
  await cache.put(key, packed);
  return openIndex(packed);
}

/** The packages of a Packages file. */
export async function packagesOf(text: AsyncIterable<Uint8Array>): Promise<readonly IndexedPackage[]> {
  const packages: IndexedPackage[] = [];
  const rankStanza = createNameRanks();
  for await (const stanzas of streamDeb822(text, { fields: stanzaFields })) {
    for (const stanza of stanzas) {
      const field = (name: string): string | undefined => stanza.get(name);
      const found = toPackage(field, rankStanza(field));
      if (found !== undefined) packages.push(found);
    }
  }
  return packages;
}

interface IndexForm {
  /** Below `dists/SUITE`. */
  readonly path: string;
  readonly file: ReleaseFile;
}

function formsOf(path: string, { files }: Release): readonly IndexForm[] {
  return ['.xz', '.zst', '.gz', ''].flatMap((suffix) => {
    const file = files.get(path + suffix);
    return file === undefined ? [] : [{ path: path + suffix, file }];
  });
}

/** The first form that the mirror has: by its hash, which an update of the mirror in between does not change, or by name. */
async function* fetchIndex(forms: readonly IndexForm[], request: IndexRequest): AsyncGenerator<Uint8Array> {
  const { archive, suite, release, io } = request;
  for (const { path, file } of forms) {
    const byHash = `${path.slice(0, path.lastIndexOf('/'))}/by-hash/SHA256/${file.sha256}`;
    for (const one of release.acquireByHash ? [byHash, path] : [path]) {
      const fetched = await fetchFile(archive, `dists/${suite}/${one}`, io);
      if (fetched === undefined) continue;
      yield* decompress(verified(fetched.body, file, `${suite}/${path}`), 'detect');
      return;
    }
  }
  throw new CinzelError('environment.not-found', { what: { kind: 'index-file', path: `${suite}/${forms[0]?.path}` } });
}

/** Passes bytes on and throws at the end unless they were the file that the release lists. */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  file: ReleaseFile,
  what: Subject,
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
