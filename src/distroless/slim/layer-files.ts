import type { Context } from '../../core/context.ts';
import { CinzelError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type ImagePath, rootPath } from '../../core/path.ts';
import { inodeOf } from '../../filesystem/hard-links.ts';
import type { FileEntry, Filesystem } from '../../filesystem/model.ts';
import type { LayerFile } from '../files.ts';

/** Files whose content is read at once. */
const width = 8;

export interface LayerFileOptions {
  readonly filesystem: Filesystem;
  /** Content that takes the place of what the image has. */
  readonly rewritten: ReadonlyMap<ImagePath, Uint8Array>;
  readonly context: Context;
}

/**
 * The entries of one layer with everything that the source has of them: owners, modes, times, extended attributes,
 * devices. Hard links among them stay so, the first of them being the file; sparse files become plain ones.
 */
export async function layerFiles(
  entries: readonly FileEntry[],
  options: LayerFileOptions,
): Promise<readonly LayerFile[]> {
  const { filesystem, context } = options;
  const firsts = new Map<string, ImagePath>();
  const linked = entries.map((entry) => {
    if (entry.type !== 'file' && entry.type !== 'hardlink') return { entry };
    const inode = inodeOf(entry, filesystem);
    const first = firsts.get(inode);
    if (first === undefined) firsts.set(inode, entry.path);
    return { entry, first };
  });
  return inParallel(linked, width, async ({ entry, first }) => {
    context.signal.throwIfAborted();
    return first === undefined ? layerFile(entry, options) : hardLink(entry, first);
  });
}

async function layerFile(entry: FileEntry, { filesystem, rewritten, context }: LayerFileOptions): Promise<LayerFile> {
  if (entry.type !== 'file' && entry.type !== 'hardlink') return { header: headerOf(entry), content: new Uint8Array() };
  const content = rewritten.get(entry.path) ?? (await filesystem.read(entry.path, context.limits.layerBytes));
  if (content === undefined) {
    throw new CinzelError('untrusted.malformed', { what: entry.path, problem: 'unreadable-content' });
  }
  return { header: { ...headerOf(entry), type: 'file', size: content.length }, content };
}

function hardLink(entry: FileEntry, target: ImagePath): LayerFile {
  return {
    header: { ...headerOf(entry), type: 'hardlink', link: target.slice(1) },
    content: new Uint8Array(),
  };
}

function headerOf({ path, type, mode, uid, gid, mtime, link, device, xattrs }: FileEntry): LayerFile['header'] {
  return {
    name: path === rootPath ? './' : path.slice(1),
    type,
    mode,
    uid,
    gid,
    mtime,
    size: 0,
    ...(type === 'symlink' && link !== undefined ? { link } : {}),
    ...(device === undefined ? {} : { device }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}
