import { createHash } from 'node:crypto';
import type { ImagePath } from '../../../core/path.ts';
import type { FileEntry, Filesystem } from '../../../filesystem/model.ts';
import type { OwnedFile, Package } from '../../../inventory/model.ts';
import { realPaths } from '../../../inventory/real-paths.ts';
import type { DpkgRecords } from './dpkg-records.ts';

/** Ids from here on are an image's own; those below are Debian's (Debian policy, 9.2.2). */
const firstOwnId = 100;

export interface BroughtOptions {
  readonly filesystem: Filesystem;
  /** By package id. */
  readonly owned: ReadonlyMap<string, readonly OwnedFile[]>;
  readonly records: DpkgRecords;
  /** Of the slimmed image. */
  readonly content: (path: ImagePath) => Promise<Uint8Array | undefined>;
}

/** What a package has, each path with whether the image has it just as the package brings it. */
export type Brought = ReadonlyMap<ImagePath, boolean>;

/**
 * Gives what a package of dpkg brings of an image. A path counts as its package has it when the layer that brought the
 * package wrote it, its owner is one of Debian's, and its content has the checksum that dpkg recorded (deb-md5sums(5); of
 * configuration files, the field Conffiles). What is diverted lies where no package puts it, and dpkg's list does not tell a
 * link to a folder from a folder that a link took the place of.
 */
export function broughtBy(options: BroughtOptions): (one: Package) => Promise<Brought> {
  const {
    filesystem,
    owned,
    records: { conffiles, diverted },
  } = options;
  const realPath = realPaths(filesystem);
  return async ({ id, layer }) => {
    const brought = new Map<ImagePath, boolean>();
    for (const { path, hash = conffiles.get(path) } of owned.get(id) ?? []) {
      const real = realPath(path);
      const entry = filesystem.get(real);
      const isOriginal = entry !== undefined && entry.layer === layer && !diverted.has(path) && isOfDebian(entry);
      brought.set(real, isOriginal && (await hasContent(entry, hash, options)));
    }
    return brought;
  };
}

function isOfDebian({ uid, gid }: FileEntry): boolean {
  return uid < firstOwnId && gid < firstOwnId;
}

async function hasContent(
  { path, type }: FileEntry,
  hash: string | undefined,
  { content, filesystem }: BroughtOptions,
): Promise<boolean> {
  if (type === 'symlink') return filesystem.resolve(path)?.type !== 'directory';
  const bytes = hash === undefined ? undefined : await content(path);
  return bytes !== undefined && `md5:${createHash('md5').update(bytes).digest('hex')}` === hash;
}
