import type { Context } from '../core/context.ts';
import type { ImagePath } from '../core/path.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';
import { analysers } from './analysers/index.ts';
import { ElfLibrary } from './elf-library.ts';
import { buildGraph } from './graph.ts';
import { ImageTree } from './image-tree.ts';
import { DynamicLoader } from './loader/dynamic-loader.ts';
import type { Needs, ReachGraph } from './model.ts';
import { rules } from './rules.ts';
import { runProgram } from './runners/index.ts';

export interface OwnNeedsOptions {
  readonly filesystem: Filesystem;
  /** Whether the file at this real path came with the distribution or with what is asked about. */
  readonly isBrought: (path: ImagePath) => boolean;
  readonly context: Context;
}

/** A file that is needed, or a link to one. */
export interface OwnNeed {
  readonly path: ImagePath;
  /** Nothing on the way to it is only perhaps asked for. */
  readonly certain: boolean;
}

/**
 * What files need in every image that has them: reach among the files that they came with, as if nobody had configured,
 * added or set anything.
 */
export async function ownNeeds(
  seeds: Needs,
  { filesystem, isBrought, context }: OwnNeedsOptions,
): Promise<readonly OwnNeed[]> {
  const tree = new ImageTree(broughtFiles(filesystem, isBrought), context.limits.linkHops);
  const elf = new ElfLibrary(tree);
  const environment = new Map<string, string>();
  const loader = new DynamicLoader(tree, elf, environment);
  const graph = await buildGraph(seeds, {
    world: { tree, elf, loader, environment, isApplication: () => false, applicationWords: new Set<string>() },
    analysers,
    rules: rules.filter(({ id }) => id !== configured),
    run: runProgram,
    signal: context.signal,
  });
  const certain = certainPaths(graph);
  // Packages list folders of which the distribution made links, such as `/lib`.
  return [...graph.nodes.keys()]
    .filter((path) => tree.find(path)?.type !== 'directory')
    .map((path) => ({ path, certain: certain.has(path) }));
}

/** Which modules of the name service are needed is for `/etc/nsswitch.conf` to say. */
const configured = 'nss';
/** What administrators and services change, though packages bring some of it. */
const changed = /^\/(?:etc|var)(?:\/|$)/;
/** Links such as `/lib`, which lead to where packages' files are and which no package may own. */
const rootLink = /^\/[^/]+$/;

function broughtFiles(
  filesystem: Filesystem,
  isBrought: OwnNeedsOptions['isBrought'],
): Pick<Filesystem, 'get' | 'list' | 'read'> {
  const isVisible = ({ path, type }: FileEntry): boolean =>
    !changed.test(path) && (type === 'directory' || (type === 'symlink' && rootLink.test(path)) || isBrought(path));
  return {
    get: (path) => {
      const entry = filesystem.get(path);
      return entry !== undefined && isVisible(entry) ? entry : undefined;
    },
    list: (folder) => filesystem.list(folder).filter(isVisible),
    read: (path) => filesystem.read(path),
  };
}

function certainPaths({ nodes }: ReachGraph): ReadonlySet<ImagePath> {
  const seeds: ImagePath[] = [];
  const next = new Map<ImagePath, ImagePath[]>();
  for (const { path, reasons } of nodes.values()) {
    for (const { from, certain } of reasons) {
      if (!certain) continue;
      const paths = from === undefined ? seeds : next.get(from);
      if (paths !== undefined) paths.push(path);
      else if (from !== undefined) next.set(from, [path]);
    }
  }
  const certain = new Set<ImagePath>(seeds);
  // What is added on the way is visited too.
  for (const path of certain) for (const one of next.get(path) ?? []) certain.add(one);
  return certain;
}
