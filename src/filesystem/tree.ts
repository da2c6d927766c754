import { type ImagePath, joinPath, rootPath } from '../core/path.ts';

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

export interface LookUpOptions {
  /** Whether a link in the last component is followed; those in folders always are. */
  readonly follow: boolean;
  /** How many links are followed. */
  readonly hops: number;
}

/** Looks a path up; links are followed inside the root. */
export function locate(
  root: TreeFolder,
  path: ImagePath,
  linkOf: LinkTarget,
  { follow, hops }: LookUpOptions,
): Located | undefined {
  const walk = new Walk(root, path, linkOf, hops);
  for (let part = walk.next(); part !== undefined; part = walk.next()) {
    const node = walk.child(part);
    if (node === undefined) return undefined;
    if (typeof node !== 'number') walk.enter(part, node);
    else if (linkOf(node) === undefined || (walk.atEnd && !follow)) {
      return walk.atEnd ? { path: joinPath(walk.path, part), node } : undefined;
    } else if (!walk.follow(node)) return undefined;
  }
  return { path: walk.path, node: walk.folder };
}

/** Why there can be no folder at a path. */
export type Obstacle = 'file' | 'loop';

/**
 * The folder at a path, made with those above it where nothing is, also behind links: as tools do that unpack layers.
 * An obstacle where a file, or a link that leads in a circle, is in the way.
 */
export function ensureFolder(
  root: TreeFolder,
  path: ImagePath,
  linkOf: LinkTarget,
  hops: number,
): { readonly path: ImagePath; readonly node: TreeFolder } | Obstacle {
  const walk = new Walk(root, path, linkOf, hops);
  for (let part = walk.next(); part !== undefined; part = walk.next()) {
    const node = walk.child(part);
    if (node === undefined) walk.make(part);
    else if (typeof node !== 'number') walk.enter(part, node);
    else if (linkOf(node) === undefined) return 'file';
    else if (!walk.follow(node)) return 'loop';
  }
  return { path: walk.path, node: walk.folder };
}

/** A way down from the root, a component at a time. It needs no recursion, so that depth is bounded by memory alone. */
class Walk {
  folder: TreeFolder;
  /** Where the folder really is, without links. */
  path: ImagePath = rootPath;
  readonly #root: TreeFolder;
  readonly #linkOf: LinkTarget;
  readonly #trail: { readonly folder: TreeFolder; readonly path: ImagePath }[] = [];
  /** Components to come, last first. */
  readonly #parts: string[];
  #hops: number;

  constructor(root: TreeFolder, path: ImagePath, linkOf: LinkTarget, hops: number) {
    this.folder = root;
    this.#root = root;
    this.#linkOf = linkOf;
    this.#parts = componentsOf(path);
    this.#hops = hops;
  }

  get atEnd(): boolean {
    return this.#parts.length === 0;
  }

  /** The next component that is a name; `..` leads up, and no further than the root. */
  next(): string | undefined {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      if (part !== '..') return part;
      const up = this.#trail.pop();
      if (up !== undefined) ({ folder: this.folder, path: this.path } = up);
    }
    return undefined;
  }

  child(name: string): TreeNode | undefined {
    return this.folder.children.get(name);
  }

  enter(name: string, folder: TreeFolder): void {
    this.#trail.push({ folder: this.folder, path: this.path });
    this.path = joinPath(this.path, name);
    this.folder = folder;
  }

  make(name: string): void {
    const folder = newFolder();
    this.folder.children.set(name, folder);
    this.enter(name, folder);
  }

  /** Puts a link's target before what is to come; false when there were too many links. */
  follow(entry: number): boolean {
    if (this.#hops-- === 0) return false;
    const target = this.#linkOf(entry) ?? '';
    if (target.startsWith('/')) {
      this.folder = this.#root;
      this.path = rootPath;
      this.#trail.length = 0;
    }
    for (const part of componentsOf(target)) this.#parts.push(part);
    return true;
  }
}

/** Names and `..`, last first. */
function componentsOf(path: string): string[] {
  const parts: string[] = [];
  for (let end = path.length; end > 0; ) {
    const slash = path.lastIndexOf('/', end - 1);
    const part = path.slice(slash + 1, end);
    if (part !== '' && part !== '.') parts.push(part);
    end = slash;
  }
  return parts;
}
