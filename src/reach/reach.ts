import type { Context } from '../core/context.ts';
import type { ImagePath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { ImageConfig } from '../image/model.ts';
import { analysers } from './analysers/index.ts';
import { type Application, applicationSeeds, findApplication } from './application.ts';
import { ElfLibrary } from './elf-library.ts';
import { buildGraph } from './graph.ts';
import { ImageTree } from './image-tree.ts';
import { DynamicLoader } from './loader/dynamic-loader.ts';
import type { ReachGraph } from './model.ts';
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
  /** Whether what each file of the application needs is found too, reached by the entrypoint or not. */
  readonly wholeApplication?: boolean;
  readonly context: Context;
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
  const application = findApplication({ config, tree, isOwned, added: [] });
  const world: World = { tree, elf, loader, environment, isApplication: application.wrote };
  const seeds = findSeeds(config, keep, { tree, filesystem });
  const graph = await buildGraph(
    seeds,
    { world, analysers, rules, run: runProgram, signal: context.signal },
    options.wholeApplication === true ? (languages) => applicationSeeds(application, filesystem, languages) : undefined,
  );
  return { graph, application };
}
