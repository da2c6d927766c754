import { createContext } from '../../core/context.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { ReachGraph } from '../model.ts';
import { computeReach } from '../reach.ts';
import { liveFilesystem } from './live-filesystem.ts';
import type { TracedProgram } from './opened-files.ts';

/** The reach of a program on this machine, as if the machine were an image whose working folder is the application. */
export async function liveReach({ argv, cwd, env }: TracedProgram): Promise<ReachGraph> {
  const { graph } = await computeReach({
    config: {
      entrypoint: argv,
      workingDir: cwd,
      env: Object.entries(env).map(([name, value]) => `${name}=${value ?? ''}`),
    },
    filesystem: liveFilesystem() as Filesystem,
    keep: [],
    isOwned: (path) => !path.startsWith(`${cwd}/`),
    context: createContext(),
  });
  return graph;
}

/** What a program opened that reach did not find, its application apart, which is kept whole. */
export function missedFiles(graph: ReachGraph, opened: readonly string[], { cwd }: TracedProgram): readonly string[] {
  return opened.filter((path) => !graph.nodes.has(path) && !path.startsWith(`${cwd}/`));
}
