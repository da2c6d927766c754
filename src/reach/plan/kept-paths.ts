import { type ImagePath, parentPath, rootPath } from '../../core/path.ts';
import type { FileEntry, Filesystem } from '../../filesystem/model.ts';
import type { ImageTree } from '../image-tree.ts';
import type { Why } from './model.ts';

/** Collects paths that a plan keeps; the first reason for a path counts. */
export class KeptPaths {
  readonly #filesystem: Filesystem;
  readonly #tree: ImageTree;
  readonly #kept = new Map<ImagePath, Why>();

  constructor(filesystem: Filesystem, tree: ImageTree) {
    this.#filesystem = filesystem;
    this.#tree = tree;
  }

  has(path: ImagePath): boolean {
    return this.#kept.has(path);
  }

  get(path: ImagePath): Why | undefined {
    return this.#kept.get(path);
  }

  /** Keeps the entry at exactly this real path. */
  add(path: ImagePath, why: Why): void {
    if (!this.#kept.has(path)) this.#kept.set(path, why);
  }

  /** Keeps what a path leads to, and the links on the way. Gives it; undefined when there is no such thing. */
  addLinked(path: ImagePath, why: Why): FileEntry | undefined {
    const traced = this.#tree.trace(path);
    if (traced === undefined) return undefined;
    for (const link of traced.links) this.add(link, why);
    this.add(traced.entry.path, why);
    return traced.entry;
  }

  /** Keeps the folders of everything that is kept, and links beside the root's folders that lead into them. */
  addParents(): void {
    for (const path of this.#kept.keys()) {
      for (let at = parentPath(path); !this.#kept.has(at); at = parentPath(at)) this.add(at, { reason: 'parent' });
    }
    this.add(rootPath, { reason: 'parent' });
    for (const { path, type } of this.#filesystem.list(rootPath)) {
      const target = type === 'symlink' ? this.#tree.find(path)?.path : undefined;
      if (target !== undefined && this.#kept.has(target)) this.add(path, { reason: 'parent' });
    }
  }
}
