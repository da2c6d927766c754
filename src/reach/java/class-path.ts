import { type ImagePath, joinPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import { absolutePath, type World } from '../world.ts';

/** The edge to an archive or class that is on a class path: it is one unit, and kept whole. */
export function archiveEdge(to: ImagePath, detail: string): Edge {
  return { to, kind: 'import', detail, certain: false, language: 'java' };
}

/** Entries of a class or module path: archives, folders of classes, and `folder/*` for the archives of a folder. */
export function classPathEdges(value: string, folder: ImagePath, world: World): readonly Edge[] {
  return value.split(':').flatMap((part): readonly Edge[] => {
    const isWildcard = part.endsWith('/*') || part === '*';
    const path = absolutePath(isWildcard ? part.slice(0, -1) : part, folder);
    if (path === undefined || part === '') return [];
    if (isWildcard)
      return world.tree
        .list(path)
        .filter((entry) => /\.jar$/i.test(entry.path))
        .map((entry) => archiveEdge(entry.path, part));
    if (world.tree.findFolder(path) === undefined) return [archiveEdge(path, part)];
    const isSystem = /^\/(?:usr|etc|var|bin|sbin|lib\w*|root|home|opt)?$/.test(path);
    return isSystem ? [] : folderEdges(path, world);
  });
}

/** All that is in a folder, its links to other folders included. */
export function folderEdges(folder: ImagePath, world: World): readonly Edge[] {
  return filesBelow(folder, world).map((to): Edge => {
    const isCode = /\.(?:class|[jw]ar)$/i.test(to);
    return isCode ? archiveEdge(to, folder) : { to, kind: 'folder', detail: folder, certain: false, whole: true };
  });
}

/** Where the loader of native methods looks (Debian's Java policy; `java.library.path`). */
export function nativeLibraries(
  names: readonly string[],
  { tree, environment }: World,
  machines: readonly ImagePath[],
): readonly Edge[] {
  const folders = [
    ...(environment.get('LD_LIBRARY_PATH') ?? '').split(':').filter((one) => one.startsWith('/')),
    '/usr/java/packages/lib',
    '/usr/lib/jni',
    ...machines.flatMap((one) => [joinPath(one, 'jni'), one]),
    '/usr/lib',
    '/lib',
  ];
  return names.flatMap((name) =>
    folders
      .map((folder) => joinPath(folder, `lib${name}.so`))
      .filter((path) => tree.findFile(path) !== undefined)
      .slice(0, 1)
      .map((to): Edge => ({ to, kind: 'dlopen', detail: name, certain: false })),
  );
}
