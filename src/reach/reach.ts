import type { Context } from '../core/context.ts';
import { CinzelError } from '../core/errors.ts';
import { type ImagePath, normalizePath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { ImageConfig } from '../image/model.ts';
import { analysers } from './analysers/index.ts';
import { type Application, applicationSeeds, findApplication } from './application.ts';
import { ElfLibrary } from './elf-library.ts';
import { buildGraph } from './graph.ts';
import { ImageTree } from './image-tree.ts';
import { DynamicLoader } from './loader/dynamic-loader.ts';
import { applicationWords, wordsOf } from './mentions.ts';
import type { Edge, ReachGraph } from './model.ts';
import { rules } from './rules.ts';
import { runProgram } from './runners/index.ts';
import { findSeeds, imageEnvironment } from './seeds.ts';
import type { World } from './world.ts';

export interface ReachOptions {
  readonly config: ImageConfig;
  readonly filesystem: Filesystem;
  /** Globs of paths that are kept whatever needs them. */
  readonly keep: readonly string[];
  /** Whether a distribution's package owns the file at this real path. */
  readonly isOwned: (path: ImagePath) => boolean;
  /** Whether any package, of a language too, owns it; only a distribution's when absent. */
  readonly isPackaged?: (path: ImagePath) => boolean;
  /** Paths that are the application's besides what is found. */
  readonly added?: readonly string[];
  /** Whether what each file of the application needs is found too, reached by the entrypoint or not. */
  readonly wholeApplication?: boolean;
  /** What was seen to be used when the image ran. */
  readonly seen?: readonly SeenPath[];
  readonly context: Context;
}

/** A path that a run of the image used or looked for. */
export interface SeenPath {
  readonly path: ImagePath;
  /** What was done with it. */
  readonly detail: 'opened' | 'executed' | 'looked for in vain';
  /** What is in the folder may have been listed. */
  readonly whole?: true;
}

export interface Reach {
  readonly graph: ReachGraph;
  readonly application: Application;
}

/** The graph of what an image's entrypoint needs. Throws `usage.entrypoint` and `environment.not-found`. */
export async function computeReach(options: ReachOptions): Promise<Reach> {
  const { config, filesystem, keep, isOwned, context } = options;
  const tree = new ImageTree(filesystem, context.limits.linkHops);
  const elf = new ElfLibrary(tree);
  const environment = imageEnvironment(config);
  const loader = new DynamicLoader(tree, elf, environment);
  const isPackaged = options.isPackaged ?? isOwned;
  const added = (options.added ?? []).map((text) => existing(text, tree));
  const application = findApplication({ config, tree, isOwned, isPackaged, added });
  const mentions = await applicationWords(application, tree);
  const told = [...(config.entrypoint ?? []), ...(config.cmd ?? []), ...environment.values()].flatMap(wordsOf);
  const own = { isApplication: application.wrote, applicationWords: new Set([...mentions, ...told]) };
  const world: World = { tree, elf, loader, environment, ...own };
  const seeds = { ...findSeeds(config, keep, { tree, filesystem }), mentions };
  const graph = await buildGraph(
    { ...seeds, edges: [...(seeds.edges ?? []), ...(options.seen ?? []).map(seenEdge)] },
    { world, analysers, rules, run: runProgram, signal: context.signal },
    options.wholeApplication === true ? (languages) => applicationSeeds(application, filesystem, languages) : undefined,
  );
  return { graph, application };
}

function seenEdge({ path, detail, whole }: SeenPath): Edge {
  return { to: path, kind: 'trace', detail, certain: false, ...(whole === undefined ? {} : { whole }) };
}

function existing(text: string, tree: ImageTree): ImagePath {
  const path = text.startsWith('/') ? normalizePath(text) : undefined;
  const found = path === undefined ? undefined : tree.find(path)?.path;
  if (found === undefined) throw new CinzelError('environment.not-found', { what: text });
  return found;
}
