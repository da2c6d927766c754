import type { ImagePath } from '../core/path.ts';
import type { World } from './world.ts';

/** Files below a folder, in order of their paths; what is not wanted is not entered. */
export function filesBelow(
  root: ImagePath,
  { tree }: Pick<World, 'tree'>,
  wanted: (path: ImagePath) => boolean = () => true,
): readonly ImagePath[] {
  const files: ImagePath[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { path, type } of tree.list(folder)) {
      if (!wanted(path)) continue;
      if (type === 'directory') folders.push(path);
      else files.push(path);
    }
  }
  return files.sort();
}
