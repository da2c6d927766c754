import { baseName, type ImagePath } from '../core/path.ts';
import type { ImageConfig } from '../image/model.ts';
import type { ImageTree } from './image-tree.ts';
import type { Missing, ReachGraph } from './model.ts';
import { findProgram } from './programs.ts';
import { imageEnvironment, workingFolder } from './seeds.ts';

/** How a program asks for the one that the kernel starts instead of it or with it (execve(2)). */
const asks = new Set(['shebang', 'interpreter']);

/**
 * What starting the image's program would fail for: the interpreter that its first line or its ELF header names, or the
 * program that `env` is to find, and that is not there. Undefined where nothing of that lacks.
 */
export function missingInterpreter(graph: ReachGraph, config: ImageConfig, tree: ImageTree): Missing | undefined {
  const [name = ''] = [...(config.entrypoint ?? []), ...(config.cmd ?? [])];
  const program = findProgram(name, workingFolder(config), imageEnvironment(config), tree);
  const start = program === undefined ? undefined : tree.find(program)?.path;
  if (start === undefined) return undefined;
  const started = new Set<ImagePath>([start]);
  // Nodes stand in the order of their distance: what asks for an interpreter comes before it.
  for (const { path, reasons } of graph.nodes.values()) {
    if (reasons.some(({ kind, from }) => asks.has(kind) && from !== undefined && started.has(from))) started.add(path);
  }
  return graph.missing.find(
    ({ kind, from }) =>
      from !== undefined && started.has(from) && (asks.has(kind) || (kind === 'command' && baseName(from) === 'env')),
  );
}
