import { baseName, normalizePath, parentPath } from '../core/path.ts';
import type { FileGroup, LayerFile } from './files.ts';

/** The files of an image to be, by absolute path. */
export interface ImageTree {
  /** The file itself, links not followed. */
  readonly get: (path: string) => LayerFile | undefined;
  /** The path after all links are followed; undefined when there is nothing. */
  readonly resolve: (path: string) => string | undefined;
  /** Content of the file at a path, links followed. */
  readonly read: (path: string) => Uint8Array | undefined;
  /** Names in a folder, sorted. */
  readonly list: (folder: string) => readonly string[];
}

const linkHops = 40;

export function imageTree(groups: readonly FileGroup[]): ImageTree {
  const files = new Map<string, LayerFile>();
  for (const group of groups) for (const file of group.files) files.set(`/${file.header.name}`, file);
  const children = childNames(files.keys());
  function resolve(path: string, hops = 0): string | undefined {
    if (hops > linkHops) return undefined;
    const parts = path.split('/').filter((part) => part !== '');
    let at = '';
    for (const [index, part] of parts.entries()) {
      const next = `${at}/${part}`;
      const file = files.get(next);
      if (file?.header.type === 'symlink') {
        const target = normalizePath(join(at, file.header.link ?? ''));
        return target && resolve([target, ...parts.slice(index + 1)].join('/'), hops + 1);
      }
      if (file === undefined && !children.has(next)) return undefined;
      at = next;
    }
    return at === '' ? '/' : at;
  }
  function read(path: string): Uint8Array | undefined {
    const real = resolve(path);
    const file = real === undefined ? undefined : files.get(real);
    if (file?.header.type === 'hardlink') return files.get(`/${file.header.link}`)?.content;
    return file?.header.type === 'file' ? file.content : undefined;
  }
  return {
    get: (path) => files.get(path),
    resolve,
    read,
    list: (folder) => [...(children.get(folder) ?? [])].sort(),
  };
}

/** Names by folder; a folder that nothing but its content tells of counts too. */
function childNames(paths: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const children = new Map<string, Set<string>>();
  for (const file of paths) {
    for (let path = file; path !== '/'; path = parentPath(path)) {
      const parent = parentPath(path);
      const names = children.get(parent);
      const name = baseName(path);
      if (names === undefined) children.set(parent, new Set([name]));
      else if (names.has(name)) break;
      else names.add(name);
    }
  }
  return children;
}

function join(folder: string, target: string): string {
  return target.startsWith('/') ? target : `${folder}/${target}`;
}
