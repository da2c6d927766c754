import type { ImageConfig } from '../../image/model.ts';
import type { ImageTree } from '../../reach/image-tree.ts';
import type { ReachGraph } from '../../reach/model.ts';
import { findProgram } from '../../reach/programs.ts';
import { imageEnvironment, workingFolder } from '../../reach/seeds.ts';
import { probeBy } from '../healthcheck/probe-command.ts';
import { readProbe } from '../healthcheck/read-probe.ts';

/** A healthcheck in the place of one that needed tools which nothing else does. */
export interface RewrittenHealthcheck {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** What asks now: a program of the image. */
  readonly by: string;
}

/** Whether a healthcheck asks by a tool for what some other program could ask as well. */
export function isRewritable({ healthcheck }: ImageConfig): boolean {
  return readProbe(healthcheck?.test ?? []) !== undefined;
}

/**
 * Puts the question of a healthcheck to a program that the image needs anyway: a runtime that the entrypoint reaches, by
 * the graph of what it needs without the healthcheck. Without one the tool itself is kept, and started without a shell.
 */
export function rewriteHealthcheck(
  config: ImageConfig,
  graph: ReachGraph,
  tree: ImageTree,
): RewrittenHealthcheck | undefined {
  const from = config.healthcheck?.test ?? [];
  const read = readProbe(from);
  if (read === undefined) return undefined;
  for (const { path, code } of graph.nodes.values()) {
    const command = code && /\/bin\//.test(path) ? probeBy(path, read.probe) : undefined;
    if (command !== undefined) return { from, to: ['CMD', ...command], by: path };
  }
  const [tool = ''] = read.words;
  const isThere = findProgram(tool, workingFolder(config), imageEnvironment(config), tree) !== undefined;
  return from[0] === 'CMD-SHELL' && isThere ? { from, to: ['CMD', ...read.words], by: tool } : undefined;
}
