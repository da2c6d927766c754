import { asObject } from '../../core/json.ts';
import { baseName, type ImagePath, joinPath, normalizePath, parentPath, rootPath } from '../../core/path.ts';
import type { Edge, Invocation, Needs, UndecidedNeed } from '../model.ts';
import { isModuleName, packageFiles } from '../node/package-files.ts';
import { NodeResolver, type Resolved } from '../node/resolve.ts';
import { type ModuleScan, scanModule } from '../node/scan-module.ts';
import type { Analyser, ReachedFile, World } from '../world.ts';

/** Packages that look for compiled code beside whoever asks them. */
const addonFinders = new Set([
  'bindings',
  'node-gyp-build',
  'node-pre-gyp',
  '@mapbox/node-pre-gyp',
  'pkg-prebuilds',
  'node-gyp-build-optional-packages',
]);

const resolvers = new WeakMap<World, NodeResolver>();

/** One resolver an image, so that manifests are read once. */
export function resolverOf(world: World): NodeResolver {
  const resolver = resolvers.get(world) ?? new NodeResolver(world);
  resolvers.set(world, resolver);
  return resolver;
}

/** Modules of Node: what they import and require, read from beside themselves, and start. */
export const node: Analyser = {
  id: 'node',
  version: 1,
  takes: ({ path, languages }) => languages.has('node') && !/\.(?:node|json|wasm|so(?:\.[\d.]+)?)$/.test(path),
  analyse: async (file, world) => {
    const text = Buffer.from(await file.bytes()).toString('utf8');
    const scan = scanModule(text, file.path);
    return mergeNeeds([
      await scopeNeeds(file, world),
      await specifierNeeds(scan, file.path, world),
      await computedNeeds(scan, file.path, world),
      pathNeeds(scan, world),
      commandNeeds(scan, file.path, world),
    ]);
  },
};

/** Node looks for the package's manifest to learn what kind of module the file is. */
async function scopeNeeds({ path }: ReachedFile, world: World): Promise<Needs> {
  const scope = await resolverOf(world).scope(parentPath(path));
  if (scope === undefined) return {};
  const edges: Edge[] = [{ to: scope.path, kind: 'config', certain: false }];
  for (const name of Object.keys(asObject(scope.manifest['optionalDependencies']) ?? {})) {
    edges.push(...(await optionalEdges(name, path, world)));
  }
  return { edges };
}

/**
 * What a package depends on optionally and has: compiled code for this platform, as a rule, whose package's name is
 * computed from it.
 */
async function optionalEdges(name: string, from: ImagePath, world: World): Promise<readonly Edge[]> {
  const root = resolverOf(world).packageFolder(name, from);
  if (root === undefined) return [];
  return packageFiles(root, world)
    .filter((path) => /\.(?:node|wasm|so(?:\.[\d.]+)?|json|[cm]?js)$|\/bin\//.test(path))
    .map((to) => asModule(to, name));
}

async function specifierNeeds(scan: ModuleScan, from: ImagePath, world: World): Promise<Needs> {
  const resolver = resolverOf(world);
  const edges: Edge[] = [];
  for (const { specifier, mode } of scan.specifiers) {
    const found = await resolver.resolve(specifier, from, mode);
    if (found === 'builtin') continue;
    if (found !== undefined) edges.push(...moduleEdges(found, specifier));
    // Dependencies ask for much that is optional; what the application itself asks for should be there.
    else if (world.isApplication(from)) edges.push({ to: specifier, kind: 'import', detail: specifier });
    if (addonFinders.has(specifier)) edges.push(...(await addons(from, world)));
  }
  // The names of packages in the application's own code may be handed to who loads them: view engines, transports.
  if (world.isApplication(from)) {
    for (const name of scan.names) {
      const found = scan.specifiers.some(({ specifier }) => specifier === name)
        ? undefined
        : await resolver.resolve(name, from, 'require');
      if (found !== undefined && found !== 'builtin' && found.path.includes('/node_modules/'))
        edges.push(...moduleEdges(found, name).map(uncertain));
    }
  }
  return { edges };
}

function moduleEdges({ path, manifests }: Resolved, specifier: string): readonly Edge[] {
  return [
    { to: path, kind: 'import', detail: specifier, language: 'node' },
    ...manifests.map((to): Edge => ({ to, kind: 'config', detail: specifier, certain: false })),
  ];
}

/** Names that are computed: what begins as they do where that is known, else the whole package, and that is said. */
async function computedNeeds(scan: ModuleScan, from: ImagePath, world: World): Promise<Needs> {
  const edges = scan.prefixes.flatMap((prefix) => matching(prefix, from, world));
  const undecided: UndecidedNeed[] = scan.computed.map((detail) => ({ problem: 'module', detail, language: 'node' }));
  if (!scan.understood) undecided.push({ problem: 'unreadable', detail: 'JavaScript', language: 'node' });
  if (undecided.length > 0) edges.push(...(await wholePackage(from, world)));
  return { edges, undecided };
}

function matching(prefix: string, from: ImagePath, { tree }: World): readonly Edge[] {
  const path = /^\.{0,2}\//.test(prefix)
    ? normalizePath(prefix.startsWith('/') ? prefix : `${parentPath(from)}/${prefix}`)
    : undefined;
  if (path === undefined) return [];
  const whole = prefix.endsWith('/');
  const folder = whole ? path : parentPath(path);
  return tree
    .list(folder)
    .filter((entry) => whole || baseName(entry.path).startsWith(baseName(path)))
    .flatMap(({ path: to, type }): readonly Edge[] => {
      if (baseName(to) === 'node_modules') return [];
      if (type !== 'directory') return [asModule(to, `${prefix}…`)];
      const index = ['index.js', 'index.json', 'package.json'].map((name) => joinPath(to, name));
      return index.map((one) => asModule(one, `${prefix}…`));
    });
}

function asModule(to: ImagePath, detail: string): Edge {
  return { to, kind: 'module', detail, certain: false, ...(isModuleName(to) ? { language: 'node' } : {}) };
}

/** The manifest stands for the package, so that its files are listed once, however many of them compute names. */
async function wholePackage(from: ImagePath, world: World): Promise<readonly Edge[]> {
  const root = await packageRoot(from, world);
  if (root === undefined) return [];
  const manifest = joinPath(root, 'package.json');
  if (world.tree.findFile(manifest) === undefined) return packageEdges(root, world);
  return [{ to: manifest, kind: 'package', detail: root, certain: false, language: 'node-package' }];
}

function packageEdges(root: ImagePath, world: World): readonly Edge[] {
  return packageFiles(root, world).map((to) => ({ ...asModule(to, root), kind: 'package' }));
}

/** Packages of which every file may be loaded. */
export const nodePackage: Analyser = {
  id: 'node-package',
  version: 1,
  takes: ({ languages }) => languages.has('node-package'),
  analyse: async ({ path }, world) => ({ edges: packageEdges(parentPath(path), world) }),
};

async function packageRoot(from: ImagePath, world: World): Promise<ImagePath | undefined> {
  const scope = await resolverOf(world).scope(parentPath(from));
  const root = scope === undefined ? parentPath(from) : parentPath(scope.path);
  // Manifests inside a package only say which kind of modules a folder holds.
  if (scope !== undefined && scope.manifest['name'] === undefined && root.includes('/node_modules/')) {
    const [, outer] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(root) ?? [];
    return outer ?? root;
  }
  return root === rootPath ? undefined : root;
}

async function addons(from: ImagePath, world: World): Promise<readonly Edge[]> {
  const root = await packageRoot(from, world);
  if (root === undefined) return [];
  return packageFiles(root, world)
    .filter((path) => /\.(?:node|wasm|so(?:\.\d+)*)$/.test(path))
    .map((to) => ({ to, kind: 'module', detail: 'compiled', certain: false }));
}

/** Paths that are made from the file's own place: files, and folders whole unless they hold the file itself. */
function pathNeeds({ paths, pathPrefixes }: ModuleScan, { tree }: World): Needs {
  const edges = paths.flatMap((path): readonly Edge[] => {
    const entry = tree.find(path);
    if (entry === undefined) return tree.findFile(`${path}.js`) === undefined ? [] : [asModule(`${path}.js`, path)];
    if (entry.type !== 'directory') return [{ ...asModule(path, path), kind: 'path' }];
    if (/\/node_modules$|^\/[^/]*$/.test(entry.path) || tree.find(`${entry.path}/package.json`) !== undefined) {
      return [{ to: path, kind: 'path', certain: false }];
    }
    return [{ to: path, kind: 'folder', detail: path, certain: false, whole: true }];
  });
  const begun = pathPrefixes.flatMap((prefix): readonly Edge[] => {
    const whole = prefix.endsWith('/');
    const path = normalizePath(prefix) ?? rootPath;
    const folder = whole ? path : parentPath(path);
    if (folder === rootPath || tree.find(`${folder}/package.json`) !== undefined) return [];
    return tree
      .list(folder)
      .filter(({ path: one, type }) => type !== 'directory' && (whole || one.startsWith(path)))
      .map(({ path: one }) => ({ ...asModule(one, `${prefix}…`), kind: 'path' }));
  });
  return { edges: [...edges, ...begun] };
}

/** Programs: the application's own are kept; what dependencies may start is only listed (CONTRACT.md). */
function commandNeeds({ commands }: ModuleScan, from: ImagePath, world: World): Needs {
  if (!world.isApplication(from)) {
    return { notKept: commands.flatMap(({ argv, line }) => argv?.[0] ?? line?.split(/\s/)[0] ?? []) };
  }
  const runs = commands.flatMap(({ argv, line }): readonly Invocation[] => {
    const words = line === undefined ? argv : ['/bin/sh', '-c', line];
    if (words === undefined) return [];
    return [{ argv: words, environment: world.environment, folder: '/', kind: 'command', from, certain: false }];
  });
  const undecided = commands
    .filter(({ argv, line }) => argv === undefined && line === undefined)
    .map(({ text }): UndecidedNeed => ({ problem: 'command', detail: text }));
  return { runs, undecided };
}

function uncertain(edge: Edge): Edge {
  return { ...edge, certain: false };
}

function mergeNeeds(all: readonly Needs[]): Needs {
  return {
    edges: all.flatMap(({ edges = [] }) => edges),
    runs: all.flatMap(({ runs = [] }) => runs),
    undecided: all.flatMap(({ undecided = [] }) => undecided),
    notKept: all.flatMap(({ notKept = [] }) => notKept),
  };
}
