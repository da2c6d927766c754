import type { ImagePath } from '../core/path.ts';
import type { ImageTree } from './image-tree.ts';

/** Folders for the libraries of one machine: `/usr/lib/x86_64-linux-gnu` (Debian's "multiarch"). */
export function machineFolders(tree: ImageTree): readonly ImagePath[] {
  return tree.list('/usr/lib').flatMap(({ path }) => (/\/[\w-]+-linux-(?:gnu|musl)\w*$/.test(path) ? [path] : []));
}
