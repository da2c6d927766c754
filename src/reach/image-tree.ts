import { type ImagePath, joinPath, parentPath, rootPath } from '../core/path.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';

/** Where a path leads, with the symbolic links that were met on the way, in order. */
export interface Traced {
  readonly links: readonly ImagePath[];
  readonly entry: FileEntry;
}

/** Looks paths up inside the image, as reach needs it: with every link on the way. */
export class ImageTree {
  readonly #filesystem: Pick<Filesystem, 'get' | 'list' | 'read'>;
  readonly #hops: number;
  readonly #traced = new Map<ImagePath, Traced | undefined>();
  readonly #lists = new Map<ImagePath, readonly FileEntry[]>();

  constructor(filesystem: Pick<Filesystem, 'get' | 'list' | 'read'>, linkHops: number) {
    this.#filesystem = filesystem;
    this.#hops = linkHops;
  }

  /** Follows links in every component; undefined when the path leads nowhere. */
  trace(path: ImagePath): Traced | undefined {
    if (this.#traced.has(path)) return this.#traced.get(path);
    const traced = this.#follow(path);
    this.#traced.set(path, traced);
    return traced;
  }

  /** What the path leads to, links followed. */
  find(path: ImagePath): FileEntry | undefined {
    return this.trace(path)?.entry;
  }

  /** The regular file that the path leads to. */
  findFile(path: ImagePath): FileEntry | undefined {
    const entry = this.find(path);
    return entry?.type === 'file' || entry?.type === 'hardlink' ? entry : undefined;
  }

  findFolder(path: ImagePath): FileEntry | undefined {
    const entry = this.find(path);
    return entry?.type === 'directory' ? entry : undefined;
  }

  /** What is in the folder that the path leads to, by name; nothing when it leads to none. */
  list(path: ImagePath): readonly FileEntry[] {
    const folder = this.findFolder(path)?.path;
    if (folder === undefined) return [];
    const known = this.#lists.get(folder);
    if (known !== undefined) return known;
    const list = this.#filesystem.list(folder);
    this.#lists.set(folder, list);
    return list;
  }

  read(path: ImagePath): Promise<Uint8Array | undefined> {
    return this.#filesystem.read(path);
  }

  async readText(path: ImagePath): Promise<string | undefined> {
    const bytes = this.findFile(path) === undefined ? undefined : await this.read(path);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
  }

  #follow(path: ImagePath): Traced | undefined {
    const links: ImagePath[] = [];
    const parts = path.split('/').reverse();
    let at: ImagePath = rootPath;
    let entry = this.#filesystem.get(rootPath);
    while (parts.length > 0) {
      const part = parts.pop();
      if (part === undefined || part === '' || part === '.') continue;
      if (entry !== undefined && entry.type !== 'directory') return undefined;
      at = part === '..' ? parentPath(at) : joinPath(at, part);
      entry = this.#filesystem.get(at);
      if (entry === undefined) return undefined;
      if (entry.type !== 'symlink') continue;
      links.push(at);
      if (links.length > this.#hops) return undefined;
      const target = entry.link ?? '';
      at = target.startsWith('/') ? rootPath : parentPath(at);
      entry = this.#filesystem.get(at);
      parts.push(...target.split('/').reverse());
    }
    return entry === undefined ? undefined : { links, entry };
  }
}
