import { type ImagePath, joinPath, parentPath, rootPath } from '../../core/path.ts';
import { characterSetEdges } from '../character-sets.ts';
import { commandWords } from '../command-words.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge, Invocation, Needs, UndecidedNeed } from '../model.ts';
import { chosenLoads } from '../ruby/adapters.ts';
import { bundledFeatures, bundleEdges } from '../ruby/bundle.ts';
import { rubyOf } from '../ruby/environment.ts';
import { featureEdges, loadedEdge, nearFolders } from '../ruby/feature-edges.ts';
import { withParameters } from '../ruby/loaded-parameters.ts';
import { type RubyScan, scanRuby } from '../ruby/scan-ruby.ts';
import { unitData, unitFiles, unitOf } from '../ruby/unit.ts';
import type { Analyser, ReachedFile, World } from '../world.ts';

/** Files that load whatever is installed below a name, because users of the package choose by name. */
const loadersByName: ReadonlyMap<RegExp, readonly string[]> = new Map([
  [/\/rack\/handler\.rb$/, ['rack/handler/']],
  [/\/rackup\/handler\.rb$/, ['rackup/handler/', 'rack/handler/']],
  [/\/action_cable\/server\/configuration\.rb$/, ['action_cable/subscription_adapter/']],
  [/\/active_job\/queue_adapters\.rb$/, ['active_job/queue_adapters/']],
]);
/** Frameworks that load an application's own files by the names of constants. */
const autoloading = /^(?:rails|hanami|zeitwerk|padrino)(?:\/|$)/;
const notLoaded = /\/(?:test|spec|features|node_modules|vendor|tmp|log|public|coverage|\.\w+)$/;

/** Files of Ruby: what they require, load and name, and what belongs to their gem. */
export const ruby: Analyser = {
  id: 'ruby',
  version: 3,
  takes: ({ path, languages }) => languages.has('ruby') && !path.endsWith('.so'),
  analyse: async (file, world) => needsOf(await scanOf(file, world), file, world),
};

/** Parts of a gem that only a computed name may load: they need other gems only where the application chose them. */
export const rubyPart: Analyser = {
  id: 'ruby-part',
  version: 1,
  takes: ({ path, languages }) => languages.has('ruby-part') && !path.endsWith('.so'),
  analyse: async (file, world) => needsOf(await chosenLoads(await scanOf(file, world), file.path, world), file, world),
};

async function scanOf({ path, bytes }: ReachedFile, world: World): Promise<RubyScan> {
  return withParameters(scanRuby(Buffer.from(await bytes()).toString('utf8'), path), path, world);
}

async function needsOf(scan: RubyScan, file: ReachedFile, world: World): Promise<Needs> {
  const { path } = file;
  const needs = [loadNeeds(scan, path, world), computedNeeds(scan, path, world), await bundleNeeds(scan, path, world)];
  return {
    edges: [
      ...needs.flatMap(({ edges }) => edges ?? []),
      ...unitEdges(path, world),
      ...characterSetEdges(scan.characterSets, world),
    ],
    undecided: needs.flatMap(({ undecided }) => undecided ?? []),
    // The standard library loads by computed names what others tell it; its own texts are examples and messages.
    mentions: rubyOf(world).isStandard(path) ? [] : scan.mentions,
    ...commandNeeds(scan, file, world),
  };
}

function loadNeeds(scan: RubyScan, path: ImagePath, world: World): Needs {
  const place = rubyOf(world);
  const folders = [...scan.loadFolders, ...nearFolders(path, world)];
  const known = [...loadersByName].flatMap(([name, prefixes]) => (name.test(path) ? prefixes : []));
  const own = scan.features.some((feature) => autoloading.test(feature)) ? applicationFiles(path, world) : [];
  return {
    edges: [
      ...scan.features.flatMap((feature) => featureEdges(feature, world, folders)),
      ...scan.files.flatMap((file) => place.fileOf(file) ?? file).map((to) => loadedEdge(to, 'load')),
      ...[...scan.prefixes, ...known].flatMap((prefix) =>
        place.beginningWith(prefix).map((to) => loadedEdge(to, `${prefix}…`)),
      ),
      ...variantFiles(scan, path, world).map((to) => loadedEdge(to, 'variant')),
      ...scan.programs.flatMap((one) => programEdges(one, world)),
      ...scan.paths.flatMap((to) => pathEdges(to, path, world)),
      ...own.map((to): Edge => ({ to, kind: 'module', detail: 'autoload', certain: false, language: 'ruby' })),
    ],
  };
}

/** Extensions that gems bring compiled for several versions of Ruby, a folder each. */
function variantFiles({ variants }: RubyScan, path: ImagePath, world: World): readonly ImagePath[] {
  if (variants.length === 0) return [];
  const names = variants.flatMap((name) => [`/${name}.rb`, `/${name}.so`]);
  return filesBelow(parentPath(path), world).filter((file) => names.some((name) => file.endsWith(name)));
}

/** Binstubs load a program of a gem. */
function programEdges({ gem, program }: RubyScan['programs'][number], world: World): readonly Edge[] {
  return rubyOf(world)
    .gems.filter(({ name }) => name === gem)
    .flatMap(({ root }) => ['bin', 'exe'].map((folder) => loadedEdge(joinPath(root, `${folder}/${program}`), gem)));
}

/** A file beside the code, or a folder of data of the same gem. */
function pathEdges(to: ImagePath, from: ImagePath, world: World): readonly Edge[] {
  const entry = world.tree.find(to);
  const edge: Edge = { to, kind: 'path', detail: to, certain: false };
  if (entry === undefined || entry.path === parentPath(from) || from.startsWith(`${entry.path}/`)) return [];
  if (entry.type !== 'directory') return [entry.path.endsWith('.rb') ? { ...edge, language: 'ruby' } : edge];
  const unit = unitOf(from, world);
  return unit?.roots.some((root) => entry.path.startsWith(`${root}/`)) === true ? [{ ...edge, whole: true }] : [edge];
}

/** What is computed: the whole gem, what its texts name, and that it cannot be told. */
function computedNeeds(scan: RubyScan, path: ImagePath, world: World): Needs {
  if (rubyOf(world).isStandard(path) || (scan.computed.length === 0 && !scan.loadsFolders)) return {};
  const unit = unitOf(path, world);
  const isPart = ({ to }: Edge) => unit?.roots.some((root) => to.startsWith(`${root}/`)) === true && !scan.loadsFolders;
  const named = (scan.computed.length === 0 ? [] : scan.names)
    .flatMap((name) => featureEdges(name, world))
    .map((edge): Edge => (isPart(edge) ? { ...edge, language: 'ruby-part' } : edge));
  const whole: readonly Edge[] =
    unit === undefined
      ? ownFiles(path, world).map((to) => loadedEdge(to, 'computed'))
      : [
          {
            to: unit.standIn,
            kind: 'package',
            certain: false,
            language: scan.loadsFolders ? 'ruby-package' : 'ruby-parts',
          },
        ];
  const undecided: UndecidedNeed[] = scan.loadsFolders
    ? []
    : scan.computed.map((detail) => ({ problem: 'module', detail, language: 'ruby' }));
  return { edges: [...named, ...whole], undecided };
}

function ownFiles(path: ImagePath, world: World): readonly ImagePath[] {
  if (!world.isApplication(path)) return [];
  return filesBelow(parentPath(path), world, (one) => !notLoaded.test(one)).filter((one) => one.endsWith('.rb'));
}

/** `Bundler.require`: every gem of the bundle of the folder that the file is in or below. */
async function bundleNeeds({ loadsBundle }: RubyScan, path: ImagePath, world: World): Promise<Needs> {
  if (!loadsBundle || !world.isApplication(path)) return {};
  const folder = projectFolder(path, world);
  const features = await bundledFeatures(folder, world.environment, world);
  return {
    edges: [...bundleEdges(folder, world.environment), ...features.flatMap((feature) => featureEdges(feature, world))],
  };
}

/** The nearest folder above that has a Gemfile or is where a server starts. */
function projectFolder(path: ImagePath, { tree }: World): ImagePath {
  for (let at = parentPath(path); at !== rootPath; at = parentPath(at)) {
    if (
      ['Gemfile', 'config.ru', 'config/application.rb'].some((name) => tree.findFile(joinPath(at, name)) !== undefined)
    )
      return at;
  }
  return parentPath(path);
}

function applicationFiles(path: ImagePath, world: World): readonly ImagePath[] {
  if (!world.isApplication(path)) return [];
  const root = projectFolder(path, world);
  return filesBelow(root, world, (one) => !notLoaded.test(one)).filter((one) => /\.(?:rb|ru)$/.test(one));
}

/** The data of the gem, and its specification. */
function unitEdges(path: ImagePath, world: World): readonly Edge[] {
  const unit = unitOf(path, world);
  return unit === undefined ? [] : [{ to: unit.standIn, kind: 'package', certain: false, language: 'ruby-data' }];
}

function commandNeeds({ commands }: RubyScan, { path }: ReachedFile, world: World): Needs {
  if (!world.isApplication(path)) return { notKept: commands.flatMap((line) => line.trim().split(/\s/)[0] ?? []) };
  const runs = commands.map(
    (line): Invocation => ({
      argv: commandWords(line),
      environment: world.environment,
      folder: '/',
      kind: 'command',
      from: path,
      certain: false,
    }),
  );
  return { runs };
}

/** Gems of which every file may be loaded. */
export const rubyPackage: Analyser = {
  id: 'ruby-package',
  version: 1,
  takes: ({ languages }) => languages.has('ruby-package'),
  analyse: async ({ path }, world) => ({ edges: partEdges(path, 'ruby', world) }),
};

/** Gems of which a computed name loads parts. */
export const rubyParts: Analyser = {
  id: 'ruby-parts',
  version: 1,
  takes: ({ languages }) => languages.has('ruby-parts'),
  analyse: async ({ path }, world) => ({ edges: partEdges(path, 'ruby-part', world) }),
};

function partEdges(path: ImagePath, language: 'ruby' | 'ruby-part', world: World): readonly Edge[] {
  const unit = standsFor(path, world);
  if (unit === undefined) return [];
  return unitFiles(unit, world).map((to) => ({ ...loadedEdge(to, path), kind: 'package', language }));
}

/** Gems of which something is loaded: their data are looked for by name only. */
export const rubyData: Analyser = {
  id: 'ruby-data',
  version: 1,
  takes: ({ languages }) => languages.has('ruby-data'),
  analyse: async ({ path }, world) => {
    const unit = standsFor(path, world);
    return {
      edges:
        unit === undefined
          ? []
          : unitData(unit, world).map((to) => ({ to, kind: 'package', detail: path, certain: false })),
    };
  },
};

function standsFor(path: ImagePath, world: World) {
  const gem = rubyOf(world).gems.find(({ specification }) => specification === path);
  return gem === undefined ? unitOf(path, world) : { standIn: path, roots: [gem.root] };
}
