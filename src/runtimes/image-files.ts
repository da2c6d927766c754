import type { Context } from '../core/context.ts';
import { CinzelError } from '../core/errors.ts';
import { type ImagePath, rootPath } from '../core/path.ts';
import { inodeOf } from '../filesystem/hard-links.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';
import type { RootFile } from './model.ts';

/** Every file of an image with all that it has of it, parents before what they hold, hard links after what they name. */
export async function* imageFiles(filesystem: Filesystem, { signal, limits }: Context): AsyncGenerator<RootFile> {
  const firsts = new Map<string, ImagePath>();
  for (const entry of filesystem.entries()) {
    signal.throwIfAborted();
    if (entry.type !== 'file' && entry.type !== 'hardlink') {
      yield { header: headerOf(entry, entry.type, 0), content: new Uint8Array() };
      continue;
    }
    const inode = inodeOf(entry, filesystem);
    const first = firsts.get(inode);
    if (first !== undefined) {
      yield { header: { ...headerOf(entry, 'hardlink', 0), link: first.slice(1) }, content: new Uint8Array() };
      continue;
    }
    firsts.set(inode, entry.path);
    const content = await filesystem.read(entry.path, limits.layerBytes);
    if (content === undefined) {
      throw new CinzelError('untrusted.malformed', { what: entry.path, problem: 'unreadable-content' });
    }
    yield { header: headerOf(entry, 'file', content.length), content };
  }
}

function headerOf(
  { path, mode, uid, gid, mtime, link, device, xattrs }: FileEntry,
  type: FileEntry['type'],
  size: number,
): RootFile['header'] {
  return {
    name: path === rootPath ? './' : path.slice(1),
    type,
    mode,
    uid,
    gid,
    mtime,
    size,
    ...(type === 'symlink' && link !== undefined ? { link } : {}),
    ...(device === undefined ? {} : { device }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}
