import { type ImagePath, normalizePath } from '../../core/path.ts';
import { commandWords } from '../command-words.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge, Invocation, Needs, UndecidedNeed } from '../model.ts';
import { perlOf } from '../perl/environment.ts';
import { moduleEdges, modulesBelow, nearFolders, ownEdges, perlEdge } from '../perl/module-edges.ts';
import { type PerlScan, scanPerl } from '../perl/scan-perl.ts';
import type { Analyser, World } from '../world.ts';

/** Files of Perl: the modules and files that they load. */
export const perl: Analyser = {
  id: 'perl',
  version: 2,
  takes: ({ path, languages }) => languages.has('perl') && !/\.(?:so|pod)$/.test(path),
  analyse: async (file, world) => {
    const { path } = file;
    const scan = scanPerl(Buffer.from(await file.bytes()).toString('utf8'), path);
    const near = [...scan.folders, ...nearFolders(path, world)];
    const computed = computedNeeds(scan, path, near, world);
    return {
      edges: [
        ...scan.modules.flatMap((module) => moduleEdges(module, world, near)),
        ...scan.files.flatMap((name) => fileEdges(name, near, world)),
        ...(world.isApplication(path) ? scan.names.flatMap((name) => moduleEdges(name, world, near)) : []),
        ...scan.paths.flatMap((name) => dataEdges(name, world)),
        ...ownEdges(path, world),
        ...(computed.edges ?? []),
      ],
      undecided: computed.undecided ?? [],
      ...commandNeeds(scan, path, world),
    };
  },
};

function fileEdges(name: string, near: readonly ImagePath[], world: World): readonly Edge[] {
  const path = name.startsWith('/') ? normalizePath(name) : perlOf(world).find(name, near);
  return path === undefined || world.tree.findFile(path) === undefined ? [] : [perlEdge(path, name)];
}

/** A file that is named and is no program: programs are kept where something runs them. */
function dataEdges(to: ImagePath, { tree }: World): readonly Edge[] {
  const found = tree.findFile(to);
  return found === undefined || (found.mode & 0o111) !== 0 ? [] : [{ to, kind: 'data', certain: false }];
}

/** What is computed: what texts name and begin, the modules below the file's own name, and that it cannot be told. */
function computedNeeds(scan: PerlScan, path: ImagePath, near: readonly ImagePath[], world: World): Needs {
  if (scan.computed.length === 0 || perlOf(world).isStandard(path)) return {};
  const names = scan.names.flatMap((name) => [name, ...(name.includes('::') ? modulesBelow(name, world) : [])]);
  const begun = scan.prefixes.flatMap((prefix) => modulesBelow(prefix, world));
  const own = filesBelow(path.replace(/\.\w+$/, ''), world).filter((one) => one.endsWith('.pm'));
  return {
    edges: [
      ...[...new Set([...names, ...begun])].flatMap((name) => moduleEdges(name, world, near)),
      ...own.map((to): Edge => ({ ...perlEdge(to, 'computed'), kind: 'package' })),
    ],
    undecided: scan.computed.map((detail): UndecidedNeed => ({ problem: 'module', detail, language: 'perl' })),
  };
}

function commandNeeds({ commands }: PerlScan, path: ImagePath, world: World): Needs {
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
