import { type ImagePath, joinPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import { matchingPaths } from '../matching-paths.ts';
import type { Edge, Invocation, Needs } from '../model.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** What a supervisor starts of a service folder (runsv(8), skarnet.org, "s6-supervise"). */
const started = ['run', 'finish', 'check', 'control/*', 'log/run', 'log/finish', 'data/check', '.s6-svscan/*'];

/** `runsvdir [-P] folder`, `s6-svscan [options] [folder]`: each folder in it is a service. */
export const scanRunner: Runner = {
  id: 'service-folders',
  programs: /^(?:runsvdir|runsvdir-start|s6-svscan|svscan)$/,
  run: (invocation, _program, world) => {
    const named = invocation.argv.slice(1).filter((word) => !word.startsWith('-') && !/^\d+$/.test(word));
    const names = named.length > 0 ? named.slice(0, 1) : ['.'];
    const folders = names.flatMap((name) => absolutePath(name, invocation.folder) ?? []);
    const supervisors = ['runsv', 's6-supervise', 'supervise'].map((name) => optional([name], invocation));
    const found = [...folders, ...((invocation.argv[0] ?? '').endsWith('runsvdir-start') ? ['/etc/service'] : [])];
    return joined([{ runs: supervisors }, ...found.map((folder) => serviceNeeds(folder, invocation, world))]);
  },
};

/** `runsv folder`, `s6-supervise folder`: one service. */
export const superviseRunner: Runner = {
  id: 'service-folder',
  programs: /^(?:runsv|s6-supervise|supervise)$/,
  run: (invocation, _program, world) => {
    const folder = absolutePath(invocation.argv[1] ?? '', invocation.folder);
    return invocation.argv.length < 2 || folder === undefined ? {} : oneService(folder, invocation, world);
  },
};

/** Where s6-overlay has its services and scripts (github.com/just-containers/s6-overlay), and what it is made of. */
const overlayServices = [
  '/etc/services.d',
  '/etc/s6-overlay/s6-rc.d',
  '/package/admin/s6-overlay*/etc/s6-rc/sources/*',
];
const overlayScripts = ['/etc/cont-init.d/*', '/etc/cont-finish.d/*', '/etc/s6-overlay/scripts/*'];
const overlayParts = [
  '/package/admin',
  '/command',
  '/etc/s6-overlay',
  '/etc/s6',
  '/etc/fix-attrs.d',
  '/usr/libexec/s6*',
];
const overlayTools = ['/bin/s6-*', '/usr/bin/s6-*', '/bin/execlineb', '/usr/bin/execlineb'];

/** s6-overlay's `/init [command]`: its own parts whole, the services, the scripts, and the command. */
export const overlayRunner: Runner = {
  id: 's6-overlay',
  programs: /^(?:init|s6-overlay-suexec)$/,
  run: (invocation, _program, world) => {
    const paths = (patterns: readonly string[]): readonly ImagePath[] =>
      patterns
        .flatMap((pattern) => matchingPaths(pattern, world.tree))
        .filter((path) => world.tree.find(path) !== undefined);
    const parts = paths(overlayParts);
    if (parts.length === 0) return {};
    const edges = [
      ...parts.map((to): Edge => ({ to, kind: 'folder', detail: 's6-overlay', certain: false, whole: true })),
      ...paths(overlayTools).map((to): Edge => ({ to, kind: 'command', detail: 's6-overlay', certain: false })),
    ];
    const command = invocation.argv.slice(1);
    const runs = [
      ...(command.length > 0 ? [{ ...invocation, argv: command }] : []),
      ...paths(overlayScripts).map((path) => optional([path], invocation)),
    ];
    return joined([
      { edges, runs },
      ...paths(overlayServices).map((folder) => serviceNeeds(folder, invocation, world)),
    ]);
  },
};

function serviceNeeds(folder: ImagePath, invocation: Invocation, world: World): Needs {
  const services = world.tree.list(world.tree.find(folder)?.path ?? folder);
  return joined(services.map(({ path }) => oneService(path, invocation, world)));
}

/** The folder with its small files (`type`, `notification-fd`, `env/…`), and what of it is started. */
function oneService(folder: ImagePath, invocation: Invocation, world: World): Needs {
  const real = world.tree.findFolder(folder)?.path;
  if (real === undefined) return {};
  const edges = [folder, ...filesBelow(real, world, (path) => !path.endsWith('/supervise'))].map(
    (to): Edge => ({ to, kind: 'folder', detail: folder, certain: false }),
  );
  const scripts = started
    .flatMap((name) => matchingPaths(joinPath(real, name), world.tree))
    .filter((path) => ((world.tree.findFile(path)?.mode ?? 0) & 0o111) !== 0);
  const runs = scripts.map((path): Invocation => ({ ...optional([path], invocation), folder: real }));
  // s6-rc's oneshots are no scripts: `up` and `down` are lines for execline.
  const lines = ['up', 'down'].filter((name) => world.tree.findFile(joinPath(real, name)) !== undefined);
  return {
    edges,
    runs: [...runs, ...lines.map((name) => optional(['execlineb', joinPath(real, name)], invocation))],
  };
}

function optional(argv: readonly string[], invocation: Invocation): Invocation {
  return { ...invocation, argv, kind: 'command', certain: false };
}

function joined(needs: readonly Needs[]): Needs {
  return {
    edges: needs.flatMap(({ edges = [] }) => edges),
    runs: needs.flatMap(({ runs = [] }) => runs),
  };
}
