import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import { distributionFiles } from './distributions.ts';
import { pythonOf } from './environment.ts';

/** Sources, of translations too, and what only building and typing needs are no data. */
const noData = /\.(?:pyc?|pyi|pyx|pxd|c|cc|cpp|h|hpp|a|o|pot?)$/;
const apart = /\/(?:__pycache__|tests?|testing)$/;

/** What loading a dotted module needs: the packages that hold it and the module itself. Empty when there is none. */
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
  return edges;
}

/**
 * The data and metadata that come with the outermost package or module of an installed distribution, since they are
 * asked for by name only. Nothing for any other file.
 */
export async function installedEdges(path: ImagePath, world: World): Promise<readonly Edge[]> {
  const python = pythonOf(world);
  const site = python.siteFolders.find((folder) => path.startsWith(`${folder}/`));
  if (site === undefined || python.isStandard(path)) return [];
  const folder = parentPath(path);
  const isPackage = baseName(path) === '__init__.py';
  const outermost = isPackage
    ? world.tree.findFile(joinPath(parentPath(folder), '__init__.py')) === undefined
    : folder === site;
  if (!outermost) return [];
  const top = path.slice(site.length + 1).split(/[/.]/)[0] ?? '';
  return [...(isPackage ? dataEdges(folder, world) : []), ...(await distributionFiles(top, path, world))];
}

/** The name, or the part of it before an attribute, that is a module. */
export function longestModule(name: string, world: World): string | undefined {
  for (let module = name; module !== ''; module = module.slice(0, Math.max(0, module.lastIndexOf('.')))) {
    if (pythonOf(world).find(module) !== undefined) return module;
  }
  return undefined;
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
