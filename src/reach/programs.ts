import { baseName, type ImagePath } from '../core/path.ts';
import type { ImageTree } from './image-tree.ts';
import { absolutePath } from './world.ts';

/** What engines search when an image sets no PATH. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const shells = /^(?:sh|bash|dash|ash|zsh|ksh|mksh|fish|csh|tcsh|busybox|toybox|rbash|lksh|yash)$/;

/** Where a program is: execvp's search (exec(3)). The path as it is found, before links are followed. */
export function findProgram(
  name: string,
  folder: ImagePath,
  environment: ReadonlyMap<string, string>,
  tree: ImageTree,
): ImagePath | undefined {
  if (name === '') return undefined;
  if (name.includes('/')) {
    const path = absolutePath(name, folder);
    return path !== undefined && tree.findFile(path) !== undefined ? path : undefined;
  }
  for (const part of (environment.get('PATH') ?? defaultPath).split(':')) {
    const path = absolutePath(`${part === '' ? '.' : part}/${name}`, folder);
    const entry = path === undefined ? undefined : tree.findFile(path);
    if (entry !== undefined && (entry.mode & 0o111) !== 0) return path;
  }
  return undefined;
}

/** The names under which a program may be known: as called, and those of the links that lead to it. */
export function programNames(path: ImagePath, tree: ImageTree): readonly string[] {
  const traced = tree.trace(path);
  return [path, ...(traced?.links ?? []), ...(traced === undefined ? [] : [traced.entry.path])].map(baseName);
}

export function isShell(path: ImagePath): boolean {
  return shells.test(baseName(path));
}
