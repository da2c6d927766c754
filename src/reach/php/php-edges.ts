import type { ImagePath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';

/** The edge to a file of PHP that is run. */
export function phpEdge(to: ImagePath, detail: string): Edge {
  return { to, kind: 'import', detail, certain: false, language: 'php' };
}

/** Pages that a server runs when they are asked for; folders of the system as a whole are no such place. */
export function servedEdges(root: ImagePath, world: World): readonly Edge[] {
  if (/^\/(?:usr|etc|var|bin|sbin|lib\w*|root|home)?$/.test(root)) return [];
  return filesBelow(root, world, (path) => !/\/(?:node_modules|vendor|\.git)$/.test(path))
    .filter((path) => /\.(?:php\d?|phtml)$/.test(path))
    .map((to) => ({ ...phpEdge(to, 'served'), kind: 'config' }));
}
