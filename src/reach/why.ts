import type { ImagePath } from '../core/path.ts';
import type { ReachGraph, ReachNode, Reason } from './model.ts';

/** One step of the way from the entrypoint: what is reached, and why. */
export interface ChainStep {
  readonly path: ImagePath;
  readonly reason: Reason;
}

/** The shortest way from the entrypoint to a node, the seed first. */
export function chainTo(graph: ReachGraph, node: ReachNode): readonly ChainStep[] {
  const steps: ChainStep[] = [];
  const seen = new Set<ImagePath>();
  for (let at: ReachNode | undefined = node; at !== undefined && !seen.has(at.path); ) {
    seen.add(at.path);
    const [reason]: readonly [Reason, ...Reason[]] = at.reasons;
    steps.unshift({ path: at.path, reason });
    at = reason.from === undefined ? undefined : graph.nodes.get(reason.from);
  }
  return steps;
}

/**
 * The nodes on every way from the entrypoint to a node, nearest first: without any one of them it would not be reached.
 * Only nodes of the shortest way can be on every way.
 */
export function tiesTo(graph: ReachGraph, node: ReachNode): readonly ImagePath[] {
  const inner = chainTo(graph, node).flatMap(({ path, reason }) => [...(reason.via ?? []), path]);
  return [...new Set(inner)].filter((path) => path !== node.path && !isReachedWithout(graph, node, path));
}

/** Walks back from the node; a seed is a node with a reason that names no other. */
function isReachedWithout(graph: ReachGraph, node: ReachNode, without: ImagePath): boolean {
  const seen = new Set<ImagePath>([node.path, without]);
  const pending: ReachNode[] = [node];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const { from, via } of at.reasons) {
      if (via?.includes(without) === true) continue;
      if (from === undefined) return true;
      const next = seen.has(from) ? undefined : graph.nodes.get(from);
      if (next === undefined) continue;
      seen.add(from);
      pending.push(next);
    }
  }
  return false;
}
