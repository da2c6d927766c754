import { baseName, type ImagePath, joinPath, rootPath } from '../core/path.ts';
import { compilePattern } from './glob.ts';
import type { ImageTree } from './image-tree.ts';

const wildcard = /[*?[]/;

/** The paths that a pattern matches, glob(7): wildcards in any of its parts. A path without any stands for itself. */
export function matchingPaths(pattern: ImagePath, tree: ImageTree): readonly ImagePath[] {
  if (!wildcard.test(pattern)) return [pattern];
  const parts = pattern.split('/').filter((part) => part !== '');
  return parts.reduce<readonly ImagePath[]>((folders, part) => inFolders(folders, part, tree), [rootPath]);
}

function inFolders(folders: readonly ImagePath[], part: string, tree: ImageTree): readonly ImagePath[] {
  if (!wildcard.test(part)) return folders.map((folder) => joinPath(folder, part));
  const matches = compilePattern(part);
  return folders.flatMap((folder) => tree.list(folder).flatMap(({ path }) => (matches(baseName(path)) ? [path] : [])));
}
