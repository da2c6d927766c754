import { createContext } from '../../core/context.ts';
import type { ImagePath } from '../../core/path.ts';
import type { ImageConfig } from '../../image/model.ts';
import { type MemoryEntry, memoryFilesystem } from '../../inventory/testing/memory-filesystem.ts';
import type { ReachGraph } from '../model.ts';
import { computeReach } from '../reach.ts';

export interface TestReach {
  readonly config: ImageConfig;
  readonly files: Readonly<Record<ImagePath, MemoryEntry>>;
  readonly keep?: readonly string[];
  /** Paths that a distribution's package owns. */
  readonly owned?: readonly ImagePath[];
}

/** The reach of an image that a test writes down. */
export async function reachOf({ config, files, keep = [], owned = [] }: TestReach): Promise<ReachGraph> {
  const { graph } = await computeReach({
    config,
    filesystem: memoryFilesystem(files),
    keep,
    isOwned: (path) => owned.includes(path),
    context: createContext(),
  });
  return graph;
}

/** Files (no folders, no links) that are reached, in order of their paths. */
export function reachedFiles({ nodes }: ReachGraph): readonly ImagePath[] {
  return [...nodes.values()].flatMap(({ type, path }) => (type === 'file' ? [path] : [])).sort();
}

/** A program without content: an executable file that is no script. */
export const program: MemoryEntry = { mode: 0o755, content: 'program' };
