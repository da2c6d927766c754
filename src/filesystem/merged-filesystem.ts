import { compareText } from '../core/compare-text.ts';
import type { Context } from '../core/context.ts';
import type { Report } from '../core/diagnostics.ts';
import { CinzelError } from '../core/errors.ts';
import { type ImagePath, joinPath, rootPath } from '../core/path.ts';
import { dropReport } from './drop-report.ts';
import type { LayerContent } from './layer-content.ts';
import { contentEntry, type LayerIndex, typeOf } from './layer-index.ts';
import { layerOf, type MergedTree, mergeLayers } from './merge.ts';
import type { FileEntry, Filesystem, PathChange } from './model.ts';
import { compileSelector, type Selector } from './selector.ts';
import { locate, type TreeFolder, type TreeNode } from './tree.ts';

export interface MergedFilesystemOptions {
  readonly context: Context;
  /** Which paths `selected` and `changes` know about. */
  readonly selector: Selector;
  readonly report: Report;
}

/** The merged view of layers that have been read. */
export function mergedFilesystem(layers: readonly LayerContent[], options: MergedFilesystemOptions): Filesystem {
  return new MergedFilesystem(layers, options);
}

class MergedFilesystem implements Filesystem {
  readonly depth: number;
  readonly #layers: readonly LayerContent[];
  readonly #options: MergedFilesystemOptions;
  readonly #views = new Map<number, Filesystem>();
  #merged: MergedTree | undefined;

  constructor(layers: readonly LayerContent[], options: MergedFilesystemOptions) {
    this.depth = layers.length;
    this.#layers = layers;
    this.#options = options;
  }

  get(path: ImagePath): FileEntry | undefined {
    const found = this.#locate(path, false);
    return found && found.path === path ? this.#entry(found.path, found.node) : undefined;
  }

  resolve(path: ImagePath): FileEntry | undefined {
    const found = this.#locate(path, true);
    return found && this.#entry(found.path, found.node);
  }

  list(directory: ImagePath): readonly FileEntry[] {
    const found = this.#locate(directory, false);
    if (found === undefined || found.path !== directory || typeof found.node === 'number') return [];
    return sortedChildren(found.node).flatMap(([name, node]) => this.#entry(joinPath(directory, name), node) ?? []);
  }

  *entries(): Generator<FileEntry> {
    const stack: { readonly path: ImagePath; readonly node: TreeNode }[] = [{ path: rootPath, node: this.#tree.root }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const entry = this.#entry(next.path, next.node);
      if (entry !== undefined) yield entry;
      if (typeof next.node === 'number') continue;
      for (const [name, node] of sortedChildren(next.node).reverse())
        stack.push({ path: joinPath(next.path, name), node });
    }
  }

  selected(globs: readonly string[]): readonly FileEntry[] {
    return this.touched(globs).flatMap((path) => {
      if (this.#tree.changes.get(path)?.at(-1)?.entry === undefined) return [];
      const entry = this.get(path);
      return entry?.type === 'file' || entry?.type === 'hardlink' ? [entry] : [];
    });
  }

  touched(globs: readonly string[]): readonly ImagePath[] {
    const matches = compileSelector(globs);
    return [...this.#tree.changes.keys()].filter((path) => matches(path)).sort(compareText);
  }

  async read(path: ImagePath, limit = this.#options.context.limits.fileBytes): Promise<Uint8Array | undefined> {
    const found = this.#locate(path, true);
    if (found === undefined || typeof found.node !== 'number') return undefined;
    return this.#read(found.node, path, limit);
  }

  async readVersion(
    path: ImagePath,
    layer: number,
    limit = this.#options.context.limits.fileBytes,
  ): Promise<Uint8Array | undefined> {
    const version = this.#tree.changes.get(path)?.find((change) => change.layer === layer);
    return version?.entry === undefined ? undefined : this.#read(version.entry, path, limit);
  }

  changes(path: ImagePath): readonly PathChange[] {
    const changes = this.#tree.changes.get(path) ?? [];
    return changes.flatMap(({ layer, entry }): PathChange[] => {
      if (entry === undefined) return [{ kind: 'removed', layer }];
      const file = this.#entry(path, entry);
      return file === undefined ? [] : [{ kind: 'written', layer, entry: file }];
    });
  }

  at(depth: number): Filesystem {
    if (depth >= this.depth) return this;
    const known = this.#views.get(depth);
    if (known !== undefined) return known;
    // What is wrong with these layers has been reported when all of them were merged.
    const view = new MergedFilesystem(this.#layers.slice(0, depth), { ...this.#options, report: () => {} });
    this.#views.set(depth, view);
    return view;
  }

  /** Older views are often asked for and seldom looked into: they merge when they are. */
  get #tree(): MergedTree {
    this.#merged ??= mergeLayers(
      this.#layers.map((layer) => layer.index),
      {
        selector: this.#options.selector,
        linkHops: this.#options.context.limits.linkHops,
        report: dropReport(this.#options.report),
      },
    );
    return this.#merged;
  }

  async #read(number: number, path: ImagePath, limit: number): Promise<Uint8Array | undefined> {
    const { layer, entry } = this.#content(number);
    const content = this.#layers[layer];
    if (content === undefined || typeOf(content.index, entry) !== 'file') return undefined;
    if ((content.index.sizes[entry] ?? 0) > limit) {
      throw new CinzelError('untrusted.limit', { limit: 'fileBytes', value: limit, what: path });
    }
    return content.read(entry);
  }

  #locate(path: ImagePath, follow: boolean): { readonly path: ImagePath; readonly node: TreeNode } | undefined {
    const { linkHops } = this.#options.context.limits;
    return locate(this.#tree.root, path, (number) => this.#link(number), { follow, hops: linkHops });
  }

  #link(number: number): string | undefined {
    const { index, entry } = this.#place(number);
    return typeOf(index, entry) === 'symlink' ? index.extras.get(entry)?.link : undefined;
  }

  #place(number: number): { readonly index: LayerIndex; readonly layer: number; readonly entry: number } {
    const { bases } = this.#tree;
    const layer = layerOf(bases, number);
    const content = this.#layers[layer];
    if (content === undefined) throw new RangeError(`no layer ${layer}`);
    return { index: content.index, layer, entry: number - (bases[layer] ?? 0) };
  }

  /** Layer and entry that hold a file's content, hard links followed. */
  #content(number: number): { readonly layer: number; readonly entry: number } {
    const { index, layer, entry } = this.#place(this.#tree.borrowed.get(number) ?? number);
    return { layer, entry: contentEntry(index, entry) };
  }

  #entry(path: ImagePath, node: TreeNode): FileEntry | undefined {
    const number = typeof node === 'number' ? node : node.entry;
    // A folder that no layer describes is what tools make on the way to what is in it.
    if (number < 0) return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0, layer: 0 };
    const { index, layer, entry } = this.#place(number);
    const extras = index.extras.get(entry);
    const content = this.#content(number);
    const size = this.#layers[content.layer]?.index.sizes[content.entry] ?? 0;
    return {
      path,
      type: typeOf(index, entry),
      mode: index.modes[entry] ?? 0,
      uid: index.uids[entry] ?? 0,
      gid: index.gids[entry] ?? 0,
      size,
      mtime: index.mtimes[entry] ?? 0,
      layer,
      ...(extras?.link === undefined ? {} : { link: extras.link }),
      ...(extras?.device === undefined ? {} : { device: extras.device }),
      ...(extras?.xattrs === undefined ? {} : { xattrs: extras.xattrs }),
    };
  }
}

function sortedChildren(folder: TreeFolder): [string, TreeNode][] {
  return [...folder.children].sort(([a], [b]) => compareText(a, b));
}
