import { baseName, type ImagePath, parentPath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { type FileGroup, folder, type LayerFile } from '../files.ts';

/**
 * Puts files where the links of the image below lead (`/lib` to `usr/lib`), so that no layer turns a link into a folder
 * and hides what is behind it. Folders that the image has stay as it has them.
 */
export function placeOnBase(groups: readonly FileGroup[], filesystem: Filesystem): readonly FileGroup[] {
  const place = (name: string): string => placeOf(`/${name}`, filesystem).slice(1);
  return groups
    .map((group) => ({
      ...group,
      files: group.files
        .filter(({ header }) => header.type !== 'directory' || !isFolder(`/${header.name}`, filesystem))
        .map(({ header, content }): LayerFile => {
          const link = header.type === 'hardlink' && header.link !== undefined ? { link: place(header.link) } : {};
          return { header: { ...header, ...link, name: place(header.name) }, content };
        }),
    }))
    .filter(({ files }) => files.length > 0);
}

/** Where a path leads; what is at it is not followed. */
export function placeOf(path: ImagePath, filesystem: Filesystem): ImagePath {
  return `${placed(parentPath(path), filesystem)}/${baseName(path)}`;
}

/** The folders of an image, as layers above it repeat them. */
export function baseFolders(filesystem: Filesystem): ReadonlyMap<string, LayerFile> {
  const folders = new Map<string, LayerFile>();
  for (const { path, type, mode, uid, gid } of filesystem.entries()) {
    if (type === 'directory' && path !== '/') folders.set(path.slice(1), folder(path, { mode, uid, gid }));
  }
  return folders;
}

function isFolder(path: string, filesystem: Filesystem): boolean {
  return path === '/./' || path === '/' || filesystem.resolve(path)?.type === 'directory';
}

/** The place of a folder that may not be there yet; '' is the root. */
function placed(path: string, filesystem: Filesystem): string {
  if (path === '/' || path === '') return '';
  const found = filesystem.resolve(path);
  if (found?.type === 'directory') return found.path === '/' ? '' : found.path;
  return `${placed(parentPath(path), filesystem)}/${baseName(path)}`;
}
