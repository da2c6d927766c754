import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import { distributionFiles } from './distributions.ts';
import { filesBelow, pythonOf } from './environment.ts';

/** Sources and what only building and typing needs are no data. */
const noData = /\.(?:pyc?|pyi|pyx|pxd|c|cc|cpp|h|hpp|a|o)$/;
const apart = /\/(?:__pycache__|tests?|testing)$/;

/**
 * What loading a dotted module needs: the packages that hold it and the module itself; of packages that were
 * installed, their data and metadata too, since those are asked for by name only. Empty when there is no such module.
 */
export async function moduleEdges(module: string, world: World, certain = true): Promise<readonly Edge[]> {
  const python = pythonOf(world);
  const parts = module.split('.');
  const edges: Edge[] = [];
  for (const [index] of parts.entries()) {
    const name = parts.slice(0, index + 1).join('.');
    const found = python.find(name);
    if (found === undefined) break;
    if (found.file !== undefined) edges.push(...fileEdges(found.file, name, world, certain));
    for (const folder of found.file === undefined ? found.folders : []) edges.push(edgeTo(folder, name, certain));
  }
  const top = python.find(parts[0] ?? '');
  const root = top?.folders[0];
  const place = top?.file ?? root;
  if (place === undefined || python.isStandard(place)) return edges;
  if (root !== undefined && python.siteFolders.some((site) => root.startsWith(`${site}/`)))
    edges.push(...dataEdges(root, world));
  return [...edges, ...(await distributionFiles(parts[0] ?? '', place, world))];
}

/** The module's file, followed unless it is the standard library's, and what was compiled from it. */
export function fileEdges(file: ImagePath, name: string, world: World, certain = true): readonly Edge[] {
  const follow = file.endsWith('.py') && !pythonOf(world).isStandard(file);
  const edge: Edge = { ...edgeTo(file, name, certain), ...(follow ? { language: 'python' } : {}) };
  return [edge, ...compiled(file, world)];
}

function edgeTo(to: ImagePath, detail: string, certain: boolean): Edge {
  return { to, kind: 'import', detail, ...(certain ? {} : { certain: false }) };
}

/** Python reads `__pycache__/NAME.cpython-XY.pyc` in the source's stead. */
function compiled(file: ImagePath, { tree }: World): readonly Edge[] {
  const stem = baseName(file).replace(/\.py$/, '');
  return tree
    .list(joinPath(parentPath(file), '__pycache__'))
    .filter(({ path }) => baseName(path).startsWith(`${stem}.`))
    .map(({ path }) => ({ to: path, kind: 'module', detail: 'compiled', certain: false }));
}

function dataEdges(root: ImagePath, world: World): readonly Edge[] {
  return filesBelow(root, world, (path) => !apart.test(path) && !noData.test(path)).map(
    (to): Edge => ({ to, kind: 'package', detail: root, certain: false }),
  );
}
