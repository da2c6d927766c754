import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type ImagePath, joinPath } from '../../core/path.ts';
import type { FileEntry, Filesystem } from '../../filesystem/model.ts';

/** A root filesystem on disk, looked at only where it is asked about: this machine's own has too many files to index. */
export function liveFilesystem(root = '/'): Pick<Filesystem, 'get' | 'list' | 'read'> {
  const known = new Map<ImagePath, FileEntry | undefined>();
  const get = (path: ImagePath): FileEntry | undefined => {
    if (!known.has(path)) known.set(path, look(path));
    return known.get(path);
  };
  const look = (path: ImagePath): FileEntry | undefined => {
    const disk = join(root, path);
    // What the kernel makes is in no image.
    const stat = /^\/(?:proc|sys)\//.test(path) ? undefined : lstatSync(disk, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const type = stat.isSymbolicLink() ? 'symlink' : stat.isDirectory() ? 'directory' : 'file';
    const common = { path, mode: stat.mode & 0o7777, uid: 0, gid: 0, size: stat.size, mtime: 0, layer: 0 };
    return type === 'symlink' ? { ...common, type, link: readlinkSync(disk) } : { ...common, type };
  };
  return {
    get,
    list: (path) =>
      readdirSync(join(root, path))
        .sort()
        .flatMap((name) => get(joinPath(path, name)) ?? []),
    read: async (path) => readFileSync(join(root, path)),
  };
}
