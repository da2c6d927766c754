import { baseName, type ImagePath, parentPath, rootPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge, Invocation, Needs, UndecidedNeed } from '../model.ts';
import { findProgram } from '../programs.ts';
import { offeredEntryPoints } from '../python/distributions.ts';
import { type FoundModule, pythonOf } from '../python/environment.ts';
import { fileEdges, installedEdges, longestModule, moduleEdges } from '../python/module-edges.ts';
import { pluginGroups } from '../python/plugin-groups.ts';
import { type PythonScan, scanPython } from '../python/scan-python.ts';
import type { Analyser, ReachedFile, World } from '../world.ts';

/** Modules of Python: what they import, name in texts, load as plugins, and start. */
export const python: Analyser = {
  id: 'python',
  version: 4,
  takes: ({ languages }) => languages.has('python'),
  analyse: async (file, world) => {
    const scan = scanPython(Buffer.from(await file.bytes()).toString('utf8'));
    const computed = await computedNeeds(scan, file.path, world);
    return {
      edges: [
        ...(await importEdges(scan, file.path, world)),
        ...(await namedEdges(scan, file, world)),
        ...(await pluginEdges(scan, file.path, world)),
        ...standardPrograms(scan, world),
        ...(computed.edges ?? []),
        ...(await installedEdges(file.path, world)),
      ],
      undecided: computed.undecided ?? [],
      mentions: [...scan.mentions],
      ...commandNeeds(scan, file.path, world),
    };
  },
};

async function importEdges({ imports }: PythonScan, path: ImagePath, world: World): Promise<readonly Edge[]> {
  const edges: Edge[] = [];
  for (const { module, level, names, insteadOf = [] } of imports) {
    if (insteadOf.some((modules) => modules.every((one) => isStandardModule(one, world)))) continue;
    if (isHook(path) && /^(?:setuptools|distutils)\b/.test(module)) continue;
    if (level === 0 && module.split('.')[0] === 'distutils') edges.push(...(await replacedDistutils(world)));
    // The standard library, which is not followed, looks for time zones in this distribution (PEP 615).
    if (level === 0 && module === 'zoneinfo') edges.push(...(await moduleEdges('tzdata', world, false)));
    if (level > 0) edges.push(...relativeEdges(module, level, names, path, world));
    else {
      for (const name of [module, ...names.map((one) => `${module}.${one}`)]) {
        if (name === module || pythonOf(world).find(name) !== undefined)
          edges.push(...(await moduleEdges(name, world)));
      }
    }
  }
  return edges;
}

function isStandardModule(name: string, world: World): boolean {
  const python = pythonOf(world);
  const file = name === '' ? undefined : python.find(name)?.file;
  return file !== undefined && python.isStandard(file);
}

/** What setuptools runs at each start only loads setuptools for who asks for distutils. */
function isHook(path: ImagePath): boolean {
  return path.endsWith('/_distutils_hack/__init__.py');
}

async function replacedDistutils(world: World): Promise<readonly Edge[]> {
  if (pythonOf(world).find('_distutils_hack') === undefined) return [];
  return moduleEdges('setuptools._distutils', world, false);
}

/** `from ..a.b import c`: one dot is the folder of the file itself. */
function relativeEdges(
  module: string,
  level: number,
  names: readonly string[],
  path: ImagePath,
  world: World,
): readonly Edge[] {
  let folder = path;
  for (let index = 0; index < level; index++) folder = parentPath(folder);
  const place = pythonOf(world);
  const edges: Edge[] = [];
  let folders: readonly ImagePath[] = [folder];
  for (const part of module.split('.').filter((one) => one !== '')) {
    const found = place.findIn(part, folders);
    if (found?.file !== undefined) edges.push(...fileEdges(found.file, part, world));
    folders = found?.folders ?? [];
  }
  const own = place.findIn(baseName(folder), [parentPath(folder)])?.file;
  if (module === '' && own !== undefined) edges.push(...fileEdges(own, '.', world));
  for (const name of names) {
    const found = place.findIn(name, folders);
    if (found?.file !== undefined) edges.push(...fileEdges(found.file, name, world));
  }
  return edges;
}

/** Texts that are dotted names of modules: of anything in the application's code, of the package itself elsewhere. */
async function namedEdges(
  { names }: PythonScan,
  { path, reason }: ReachedFile,
  world: World,
): Promise<readonly Edge[]> {
  const place = pythonOf(world);
  const top = topName(path, world);
  // Settings that a command line names, such as gunicorn's, may be outside the application's folders.
  const isSettings = top === undefined && reason.kind === 'argument' && path.endsWith('.py');
  const isOwn = isSettings || world.isApplication(path);
  const edges: Edge[] = [];
  for (const name of new Set(names)) {
    if (!isOwn && !name.startsWith(`${top}.`)) continue;
    const module = longestModule(name, world);
    const found = module === undefined ? undefined : place.find(module);
    const file = found?.file ?? found?.folders[0];
    if (module === undefined || file === undefined || place.isStandard(file)) continue;
    edges.push(...(await moduleEdges(module, world, false)));
    // A framework given a package's name loads what it expects there: Django its applications' parts.
    if (isOwn && module === name && found !== undefined) edges.push(...wholeEdges(found, world));
  }
  return edges;
}

/** Every module of a package; its `__init__.py` stands for it, so that they are listed once. */
function wholeEdges({ file, folders }: FoundModule, world: World): readonly Edge[] {
  if (folders.length === 0) return [];
  if (file === undefined) return folders.flatMap((folder) => submoduleEdges(folder, world));
  return [{ to: file, kind: 'package', certain: false, language: 'python-package' }];
}

function submoduleEdges(folder: ImagePath, world: World): readonly Edge[] {
  return filesBelow(folder, world, (path) => !/\/(?:tests?|__pycache__)$|\/test_[^/]*$/.test(path))
    .filter((path) => path.endsWith('.py'))
    .flatMap((path) => fileEdges(path, folder, world, false))
    .map((edge) => ({ ...edge, kind: 'package' }));
}

/** Packages of which every module may be loaded. */
export const pythonPackage: Analyser = {
  id: 'python-package',
  version: 1,
  takes: ({ languages }) => languages.has('python-package'),
  analyse: async ({ path }, world) => ({ edges: submoduleEdges(parentPath(path), world) }),
};

/** The top-level package that a file of a site folder belongs to. */
function topName(path: ImagePath, world: World): string | undefined {
  const site = pythonOf(world).siteFolders.find((folder) => path.startsWith(`${folder}/`));
  return site === undefined ? undefined : path.slice(site.length + 1).split(/[/.]/)[0];
}

/** Whoever looks for plugins finds the distributions that offer what is of its group, and loads it. */
async function pluginEdges(scan: PythonScan, path: ImagePath, world: World): Promise<readonly Edge[]> {
  const edges: Edge[] = [];
  const known = scan.computed.length === 0 ? [] : pluginGroups(topName(path, world) ?? '');
  for (const wanted of [...scan.entryPoints, ...known.map((group) => ({ group }))]) {
    for (const { file, module } of await offeredEntryPoints(wanted, world)) {
      edges.push({ to: file, kind: 'config', certain: false }, ...(await moduleEdges(module, world, false)));
    }
  }
  return edges;
}

/** A computed name: the whole top-level package is kept, and that is said. */
async function computedNeeds({ computed }: PythonScan, path: ImagePath, world: World): Promise<Needs> {
  if (computed.length === 0) return {};
  const undecided = computed.map((detail): UndecidedNeed => ({ problem: 'module', detail, language: 'python' }));
  const top = topName(path, world);
  const found = top === undefined ? undefined : pythonOf(world).find(top);
  if (found !== undefined) return { undecided, edges: wholeEdges(found, world) };
  return { undecided, edges: world.isApplication(path) ? submoduleEdges(parentPath(path), world) : [] };
}

/** What the standard library starts for its callers is no more than a part of it. */
function standardPrograms(scan: PythonScan, { tree, environment }: World): readonly Edge[] {
  return [...scan.standardPrograms].flatMap((name): readonly Edge[] => {
    const to = findProgram(name, rootPath, environment, tree);
    return to === undefined ? [] : [{ to, kind: 'command', detail: name, certain: false }];
  });
}

/** Programs: the application's own are kept; what dependencies may start is only listed (CONTRACT.md). */
function commandNeeds({ commands }: PythonScan, from: ImagePath, world: World): Needs {
  if (!world.isApplication(from)) {
    return { notKept: commands.flatMap((one) => ('line' in one ? one.line.split(/\s/)[0] : one.argv[0]) ?? []) };
  }
  const runs = commands.map((one): Invocation => {
    const argv = 'line' in one ? ['/bin/sh', '-c', one.line] : one.argv;
    return { argv, environment: world.environment, folder: '/', kind: 'command', from, certain: false };
  });
  return { runs };
}
