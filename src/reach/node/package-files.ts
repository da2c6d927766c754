import { baseName, type ImagePath } from '../../core/path.ts';
import type { World } from '../world.ts';

const mostFiles = 20_000;
/** Folders that a package does not load itself from: its dependencies have reasons of their own. */
const apart = new Set([
  'node_modules',
  '.git',
  '.cache',
  'test',
  'tests',
  '__tests__',
  'docs',
  'example',
  'examples',
  'coverage',
  '.github',
]);

/** Files of a package, without its dependencies, tests and documentation. */
export function packageFiles(root: ImagePath, { tree }: World): readonly ImagePath[] {
  const files: ImagePath[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && files.length < mostFiles; folder = folders.pop()) {
    for (const { path, type } of tree.list(folder)) {
      if (type !== 'directory') files.push(path);
      else if (!apart.has(baseName(path))) folders.push(path);
    }
  }
  return files.sort();
}

export function isModuleName(path: ImagePath): boolean {
  return /\.[cm]?js$/.test(path) && !/\.(?:min|spec|test)\.[cm]?js$/.test(path);
}
