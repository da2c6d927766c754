import { CinzelError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type FetchIo, fetchFile } from '../apt/fetch-file.ts';
import type { ApkKey } from './keys.ts';
import { type ApkPackage, parseApkIndex } from './packages-index.ts';
import type { ApkRepository } from './repository.ts';
import { openSignedIndex } from './signed-index.ts';

/** The signed index of a repository, with its packages. */
export interface ApkIndex {
  readonly repository: ApkRepository;
  readonly description: string;
  readonly key: ApkKey;
  readonly packages: readonly ApkPackage[];
}

export interface OpenApkArchiveOptions {
  readonly repositories: readonly ApkRepository[];
  /** As apk names it: `x86_64`, `aarch64` … */
  readonly architecture: string;
  readonly keys: readonly ApkKey[];
  readonly io: Omit<FetchIo, 'credentials'>;
}

/** Compressed; the largest there is has a few MB. */
const fetchBytes = 256 * 1024 ** 2;
const width = 4;

/** Fetches the indexes of repositories and verifies each. Throws `untrusted.*` and what the network throws. */
export async function openApkArchive(options: OpenApkArchiveOptions): Promise<readonly ApkIndex[]> {
  const { repositories, architecture, keys, io } = options;
  return inParallel(repositories, width, async (repository) => {
    const path = `${architecture}/APKINDEX.tar.gz`;
    const what = `${repository.label}/${path}`;
    const { index, description, key } = openSignedIndex(await fetchWhole(repository, path, { io, what }), {
      keys,
      what,
    });
    return { repository, description, key, packages: parseApkIndex(index, repository, what) };
  });
}

async function fetchWhole(
  { url, credential }: ApkRepository,
  path: string,
  { io, what }: { readonly io: Omit<FetchIo, 'credentials'>; readonly what: string },
): Promise<Buffer> {
  const file = await fetchFile(url, path, { ...io, credentials: credential === undefined ? [] : [credential] });
  if (file === undefined) throw new CinzelError('environment.not-found', { what });
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of file.body) {
    parts.push(part);
    size += part.length;
    if (size > fetchBytes)
      throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: fetchBytes, what });
  }
  return Buffer.concat(parts);
}
