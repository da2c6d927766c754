import type { Report } from '../core/diagnostics.ts';
import { baseName, type ImagePath, joinPath, parentPath } from '../core/path.ts';
import type { Problem } from '../core/problems.ts';
import { type LayerIndex, typeOf } from './layer-index.ts';
import type { Selector } from './selector.ts';
import {
  ensureFolder,
  type LinkTarget,
  locate,
  newFolder,
  type Obstacle,
  type TreeFolder,
  type TreeNode,
} from './tree.ts';

const obstacles: Readonly<Record<Obstacle, Problem>> = {
  file: 'file-for-folder',
  loop: 'path-loop',
};

/** What one layer did to a selected path; `entry` is absent where it removed it. */
export interface NodeChange {
  readonly layer: number;
  readonly entry?: number;
}

/** The merged view as a tree of entry numbers. A number is the entry's place in its layer plus the layer's `base`. */
export interface MergedTree {
  readonly root: TreeFolder;
  readonly bases: readonly number[];
  readonly changes: ReadonlyMap<ImagePath, readonly NodeChange[]>;
  /** Hard links whose content an earlier layer holds. */
  readonly borrowed: ReadonlyMap<number, number>;
}

export interface MergeOptions {
  readonly selector: Selector;
  readonly linkHops: number;
  readonly report: Report;
}

/**
 * Applies layers one after another, as unpacking them would (OCI image specification, layer.md):
 *
 * 1. the layer's opaque folders lose what lower layers put in them, its whiteouts remove a name;
 * 2. each entry is put in place in archive order: a folder on a folder keeps its content, anything else replaces
 *    what was there; a link in the path of its parent is followed inside the root, where folders that it lacks are
 *    made, and an entry whose parent cannot be a folder is left out;
 * 3. a hard link takes its content from the entry that it names, in this layer or below.
 */
export function mergeLayers(layers: readonly LayerIndex[], options: MergeOptions): MergedTree {
  const bases: number[] = [];
  let next = 0;
  for (const layer of layers) {
    bases.push(next);
    next += layer.paths.length;
  }
  const merge = new Merge(layers, bases, options);
  for (const number of layers.keys()) merge.apply(number);
  return { root: merge.root, bases, changes: merge.changes, borrowed: merge.borrowed };
}

/** The layer that a number belongs to. */
export function layerOf(bases: readonly number[], number: number): number {
  let low = 0;
  let high = bases.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bases[middle] ?? 0) <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}

class Merge {
  readonly root = newFolder();
  readonly changes = new Map<ImagePath, NodeChange[]>();
  readonly borrowed = new Map<number, number>();
  readonly #layers: readonly LayerIndex[];
  readonly #bases: readonly number[];
  readonly #options: MergeOptions;
  readonly #linkOf: LinkTarget;
  /** Entries of one folder mostly follow each other: its look-up is done once. */
  #recent: { readonly asked: ImagePath; readonly path: ImagePath; readonly node: TreeFolder } | undefined;

  constructor(layers: readonly LayerIndex[], bases: readonly number[], options: MergeOptions) {
    this.#layers = layers;
    this.#bases = bases;
    this.#options = options;
    this.#linkOf = (number) => this.#symlinkTarget(number);
  }

  apply(layer: number): void {
    const index = this.#layers[layer];
    const base = this.#bases[layer] ?? 0;
    if (index === undefined) return;
    for (const path of index.opaque) this.#clear(path, layer);
    for (const path of index.whiteouts) this.#remove(path, layer);
    this.#recent = undefined;
    for (const [entry, path] of index.paths.entries()) this.#put(path, base + entry, index, entry, layer);
    this.#recent = undefined;
  }

  #clear(path: ImagePath, layer: number): void {
    const found = this.#locate(path);
    if (found === undefined || typeof found.node === 'number') return;
    this.#recordRemoved(found.path, found.node, layer);
    found.node.children.clear();
  }

  #remove(path: ImagePath, layer: number): void {
    const parent = this.#locate(parentPath(path));
    if (parent === undefined || typeof parent.node === 'number') return;
    const name = baseName(path);
    const node = parent.node.children.get(name);
    if (node === undefined) return;
    this.#recordRemoved(joinPath(parent.path, name), node, layer);
    parent.node.children.delete(name);
  }

  #put(path: ImagePath, number: number, index: LayerIndex, entry: number, layer: number): void {
    if (path === '/') {
      if (typeOf(index, entry) === 'directory') this.root.entry = number;
      return;
    }
    const type = typeOf(index, entry);
    if (type === 'hardlink' && !this.#borrow(number, index, entry, layer)) return;
    const parent = this.#parentOf(path);
    if (typeof parent === 'string') return this.#drop(path, obstacles[parent], layer);
    const name = baseName(path);
    const existing = parent.node.children.get(name);
    if (type === 'directory') {
      if (existing !== undefined && typeof existing !== 'number') existing.entry = number;
      else {
        this.#replace(parent, name, newFolder(number), existing, layer);
        this.#recent = undefined;
      }
      return;
    }
    this.#replace(parent, name, number, existing, layer);
    if (existing !== undefined) this.#recent = undefined;
    const isFile = type === 'file' || type === 'hardlink';
    const place = joinPath(parent.path, name);
    if (isFile && this.#options.selector(place)) this.#record(place, { layer, entry: number });
  }

  #replace(
    parent: { path: ImagePath; node: TreeFolder },
    name: string,
    node: TreeNode,
    existing: TreeNode | undefined,
    layer: number,
  ): void {
    if (existing !== undefined && typeof existing !== 'number')
      this.#recordRemoved(joinPath(parent.path, name), existing, layer);
    parent.node.children.set(name, node);
  }

  /** Finds the content of a hard link; false when it leads nowhere. */
  #borrow(number: number, index: LayerIndex, entry: number, layer: number): boolean {
    const extras = index.extras.get(entry);
    const target = extras?.target;
    const held = target === undefined ? this.#heldBelow(extras?.link) : this.#heldHere(number - entry, index, target);
    if (held === undefined) {
      this.#drop(index.paths[entry] ?? '', 'link-nowhere', layer);
      return false;
    }
    if (target !== held - (number - entry)) this.borrowed.set(number, held);
    return true;
  }

  /** The entry of this layer that a hard link names, or what that one borrows in turn. */
  #heldHere(base: number, index: LayerIndex, target: number): number | undefined {
    const type = typeOf(index, target);
    if (type === 'hardlink') return this.borrowed.get(base + target);
    return type === 'directory' ? undefined : base + target;
  }

  #heldBelow(link: ImagePath | undefined): number | undefined {
    if (link === undefined) return undefined;
    const found = locate(this.root, link, this.#linkOf, { follow: false, hops: this.#options.linkHops });
    return typeof found?.node === 'number' ? (this.borrowed.get(found.node) ?? found.node) : undefined;
  }

  #parentOf(path: ImagePath): { path: ImagePath; node: TreeFolder } | Obstacle {
    const asked = parentPath(path);
    if (this.#recent?.asked === asked) return this.#recent;
    const found = ensureFolder(this.root, asked, this.#linkOf, this.#options.linkHops);
    if (typeof found === 'string') return found;
    this.#recent = { asked, ...found };
    return this.#recent;
  }

  #drop(entry: ImagePath, problem: Problem, layer: number): void {
    const parameters = { entry, problem };
    this.#options.report({ code: 'layer.entry-dropped', severity: 'warning', parameters, layer });
  }

  #locate(path: ImagePath): { path: ImagePath; node: TreeNode } | undefined {
    return locate(this.root, path, this.#linkOf, { follow: true, hops: this.#options.linkHops });
  }

  #symlinkTarget(number: number): string | undefined {
    const layer = layerOf(this.#bases, number);
    const index = this.#layers[layer];
    const entry = number - (this.#bases[layer] ?? 0);
    if (index === undefined || typeOf(index, entry) !== 'symlink') return undefined;
    return index.extras.get(entry)?.link;
  }

  #record(path: ImagePath, change: NodeChange): void {
    const changes = this.changes.get(path);
    // Of two entries for one path in a layer, the later one is what an unpacked image has.
    if (changes?.at(-1)?.layer === change.layer) changes.pop();
    if (changes === undefined) this.changes.set(path, [change]);
    else changes.push(change);
  }

  /** Each node is removed once, so that all removals together cost no more than all entries. */
  #recordRemoved(path: ImagePath, node: TreeNode, layer: number): void {
    const removed: [ImagePath, TreeNode][] = [[path, node]];
    for (let next = removed.pop(); next !== undefined; next = removed.pop()) {
      const [at, current] = next;
      if (typeof current === 'number') {
        if (this.changes.get(at)?.at(-1)?.entry !== undefined) this.#record(at, { layer });
      } else for (const [name, child] of current.children) removed.push([joinPath(at, name), child]);
    }
  }
}
