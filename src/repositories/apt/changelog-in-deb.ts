import { gunzip } from 'node:zlib';
import type { Limits } from '../../core/limits.ts';
import { normalizePath, parentPath } from '../../core/path.ts';
import type { DecompressionBounds } from '../../formats/bounded.ts';
import { debMembers } from '../../formats/deb.ts';
import { type TarFile, tarEntries } from '../../formats/tar/read.ts';

/** What a binary package holds of its source's changelog. */
export interface DebChangelog {
  /** The texts found, uncompressed. */
  readonly texts: readonly string[];
  /** Names of the binary packages in whose folder the changelog is, when this one has only links to it. */
  readonly linkedTo: readonly string[];
}

const documents = '/usr/share/doc/';
const changelogName = /^\/usr\/share\/doc\/[^/]+\/changelog(?:\.Debian)?(?:\.gz)?$/;
/** The biggest in Debian has 6 MB. */
const textLimit = 64 * 1024 ** 2;

/**
 * Finds the Debian changelogs in a .deb and the links to others: native packages have `changelog.gz`, others
 * `changelog.Debian.gz`; the folder, or the file in it, may be a link into another package of the same source
 * (Debian Policy, sections 12.3 and 12.7).
 *
 * The stream is read to its end, so that whoever made it can compare its hash; what comes after the first accepted
 * changelog is not decompressed. Nothing found counts before this function has returned.
 */
export async function changelogInDeb(
  source: AsyncIterable<Uint8Array>,
  accepts: (text: string) => boolean,
  limits: Limits,
): Promise<DebChangelog> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    const found = await search({ [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }, accepts, limits);
    while ((await iterator.next()).done !== true);
    return found;
  } finally {
    await iterator.return?.();
  }
}

async function search(
  source: AsyncIterable<Uint8Array>,
  accepts: (text: string) => boolean,
  limits: Limits,
): Promise<DebChangelog> {
  const texts: string[] = [];
  const linkedTo = new Set<string>();
  for await (const { kind, tar } of debMembers(source, boundsOf(limits))) {
    if (kind !== 'data') continue;
    for await (const file of tarEntries(tar, { wants: ({ name, size }) => isChangelog(name) && size <= textLimit })) {
      const target = linkedPackage(file);
      if (target !== undefined) linkedTo.add(target);
      if (file.bytes === undefined) continue;
      const text = await textOf(file.bytes);
      if (text === undefined || !accepts(text)) continue;
      texts.push(text);
      return { texts, linkedTo: [] };
    }
  }
  return { texts, linkedTo: [...linkedTo] };
}

function boundsOf({ layerBytes, ratio, ratioFloor }: Limits): DecompressionBounds {
  return { maxBytes: layerBytes, ratio, ratioFloor };
}

function isChangelog(name: string): boolean {
  return changelogName.test(normalizePath(`/${name}`) ?? '');
}

/** The package whose folder a link in the documentation points into. */
function linkedPackage({ header: { name, type, link } }: TarFile): string | undefined {
  const path = normalizePath(`/${name}`);
  if (type !== 'symlink' || link === undefined || path === undefined || !path.startsWith(documents)) return undefined;
  const isFolder = parentPath(path) === documents.slice(0, -1);
  if (!isFolder && !changelogName.test(path)) return undefined;
  const target = normalizePath(link.startsWith('/') ? link : `${parentPath(path)}/${link}`);
  return target?.startsWith(documents) ? target.slice(documents.length).split('/')[0] : undefined;
}

/** Names lie: what is compressed is told by its first bytes. Undefined when it cannot be unpacked. */
async function textOf(bytes: Buffer): Promise<string | undefined> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: textLimit }, (error, unpacked) => {
      resolve(error === null ? unpacked.toString('utf8') : undefined);
    });
  });
}
