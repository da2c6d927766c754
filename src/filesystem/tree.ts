import { baseName, type ImagePath, joinPath, parentPath, rootPath } from '../core/path.ts';

/** A name in a folder: the number of an entry that is no folder, or a folder. */
export type TreeNode = number | TreeFolder;

/** A folder of the merged view. */
export interface TreeFolder {
  /** Number of the entry that describes it; -1 when no layer does. */
  entry: number;
  readonly children: Map<string, TreeNode>;
}

export function newFolder(entry = -1): TreeFolder {
  return { entry, children: new Map() };
}

export interface Located {
  /** Where the path really leads, without links. */
  readonly path: ImagePath;
  readonly node: TreeNode;
}

/** Gives the target of a symbolic link, or undefined when the entry is none. */
export type LinkTarget = (entry: number) => string | undefined;

/** Looks a path up; links in its folders are followed inside the root, and in its last component when asked to. */
export function locate(
  root: TreeFolder,
  path: ImagePath,
  linkOf: LinkTarget,
  options: { readonly follow: boolean; readonly hops: number },
): Located | undefined {
  let folder = root;
  const trail: { readonly folder: TreeFolder; readonly path: ImagePath }[] = [];
  let at: ImagePath = rootPath;
  let hops = options.hops;
  const parts = path.split('/').reverse();
  while (parts.length > 0) {
    const part = parts.pop();
    if (part === undefined || part === '' || part === '.') continue;
    if (part === '..') {
      const up = trail.pop();
      if (up !== undefined) ({ folder, path: at } = up);
      continue;
    }
    const node = folder.children.get(part);
    if (node === undefined) return undefined;
    if (typeof node !== 'number') {
      trail.push({ folder, path: at });
      at = joinPath(at, part);
      folder = node;
      continue;
    }
    const target = linkOf(node);
    const last = parts.every((rest) => rest === '' || rest === '.');
    if (target === undefined || (last && !options.follow)) return last ? { path: joinPath(at, part), node } : undefined;
    if (hops-- === 0) return undefined;
    if (target.startsWith('/')) {
      folder = root;
      at = rootPath;
      trail.length = 0;
    }
    parts.push(...target.split('/').reverse());
  }
  return { path: at, node: folder };
}

/** The folder at a path, made with those above it where nothing is, or where what is there is no folder. */
export function ensureFolder(
  root: TreeFolder,
  path: ImagePath,
  linkOf: LinkTarget,
  hops: number,
): Located & { readonly node: TreeFolder } {
  if (path === rootPath) return { path, node: root };
  const found = locate(root, path, linkOf, { follow: true, hops });
  if (found !== undefined && typeof found.node !== 'number') return { path: found.path, node: found.node };
  const parent = ensureFolder(root, parentPath(path), linkOf, hops);
  const name = baseName(path);
  const folder = newFolder();
  parent.node.children.set(name, folder);
  return { path: joinPath(parent.path, name), node: folder };
}
