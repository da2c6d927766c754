import { baseName, type ImagePath, joinPath } from '../../core/path.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import { pythonOf } from './environment.ts';
import type { WantedEntryPoint } from './scan-python.ts';

/** An installed distribution: what it brings and what it offers to others. */
interface Distribution {
  readonly folder: ImagePath;
  /** Top-level modules. */
  readonly modules: readonly string[];
  /** Modules by group of entry points. */
  readonly entryPoints: readonly { readonly group: string; readonly name: string; readonly module: string }[];
}

const known = new WeakMap<World, Map<ImagePath, Promise<readonly Distribution[]>>>();

/** The metadata (`NAME.dist-info`, `NAME.egg-info`) of what brought a module: programs ask for versions and plugins. */
export async function distributionFiles(module: string, place: ImagePath, world: World): Promise<readonly Edge[]> {
  const site = pythonOf(world).siteFolders.find((folder) => place.startsWith(`${folder}/`));
  if (site === undefined) return [];
  const owners = (await distributionsIn(site, world)).filter(({ modules }) => modules.includes(module));
  return owners.map(({ folder }) => ({ to: folder, kind: 'package', detail: module, certain: false, whole: true }));
}

/** Modules that offer entry points of a group, or the one of that name, and the files that say so. */
export async function offeredEntryPoints(
  wanted: WantedEntryPoint,
  world: World,
): Promise<readonly { readonly file: ImagePath; readonly module: string }[]> {
  const all = await Promise.all(pythonOf(world).siteFolders.map((site) => distributionsIn(site, world)));
  return all
    .flat()
    .flatMap(({ folder, entryPoints }) =>
      entryPoints
        .filter(({ group, name }) => group === wanted.group && (wanted.name ?? name) === name)
        .map(({ module }) => ({ file: joinPath(folder, 'entry_points.txt'), module })),
    );
}

function distributionsIn(site: ImagePath, world: World): Promise<readonly Distribution[]> {
  const sites = known.get(world) ?? new Map<ImagePath, Promise<readonly Distribution[]>>();
  known.set(world, sites);
  const found = sites.get(site) ?? readDistributions(site, world);
  sites.set(site, found);
  return found;
}

async function readDistributions(site: ImagePath, world: World): Promise<readonly Distribution[]> {
  const folders = world.tree.list(site).filter(({ path }) => /\.(?:dist-info|egg-info)$/.test(path));
  return Promise.all(folders.map(({ path }) => readDistribution(path, world)));
}

async function readDistribution(folder: ImagePath, { tree }: World): Promise<Distribution> {
  const read = async (name: string): Promise<string> => (await tree.readText(joinPath(folder, name))) ?? '';
  const top = (await read('top_level.txt'))
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const modules = top.length > 0 ? top : recordModules(await read('RECORD'));
  const [name = ''] = baseName(folder).split('-');
  return {
    folder,
    modules: modules.length > 0 ? modules : [name, name.toLowerCase().replaceAll('.', '_')],
    entryPoints: readEntryPoints(await read('entry_points.txt')),
  };
}

/** The first part of each installed path (packaging.python.org, "Recording installed projects"). */
function recordModules(record: string): readonly string[] {
  const names = record.split('\n').map((line) => /^"?([^",/]+)(?:\/|\.py|\.so|\.cpython)/.exec(line)?.[1] ?? '');
  return [...new Set(names.map((name) => name.replace(/\.(?:py|so|cpython.*)$/, '')))].filter((name) =>
    /^\w+$/.test(name),
  );
}

/** `[group]` and below it `name = module:attribute [extras]` (packaging.python.org, "Entry points"). */
function readEntryPoints(text: string): Distribution['entryPoints'] {
  let group = '';
  return text.split('\n').flatMap((line) => {
    const heading = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    if (heading !== undefined) group = heading.trim();
    const [, name = '', module] = heading === undefined ? (/^\s*([^=]*?)\s*=\s*([\w.]+)/.exec(line) ?? []) : [];
    return module === undefined ? [] : [{ group, name, module }];
  });
}
