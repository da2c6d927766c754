import { baseName, type ImagePath, parentPath } from '../core/path.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';
import type { ImageConfig } from '../image/model.ts';
import type { ImageTree } from './image-tree.ts';
import type { Edge, Language, Needs } from './model.ts';
import { isUnusedLibrary } from './python/environment.ts';
import { workingFolder } from './seeds.ts';
import { absolutePath } from './world.ts';

/** Folders that belong to the system as a whole, whatever is run in them. */
const systemFolder =
  /^\/(?:(?:usr(?:\/local)?\/?)?(?:bin|sbin|lib\w*|libexec|share|include|src|etc)?|usr|usr\/local|dev|proc|sys|run|tmp|boot|media|mnt|home|var(?:\/(?:lib|log|cache|run|tmp|spool|mail))?)$/;
const belowSystem = /^\/(?:usr\/(?!local\/|src\/)|bin\/|sbin\/|lib\w*\/|etc\/|dev\/|proc\/|sys\/|run\/)/;
/** Caches, logs, package managers' state, headers, static libraries, documentation. */
const noApplication =
  /^\/(?:proc|sys|dev|run|tmp|boot)\/|^\/var\/(?:cache|log|tmp|run|mail|lib\/(?:apt|dpkg|rpm|pacman|systemd|ucf|pam|dbus|misc))\/|^\/(?:usr\/)?lib\/(?:apk|systemd|udev)\/|^\/etc\/(?:apt|apk|alternatives|rc\d\.d|init\.d|systemd|ssl\/certs|ca-certificates\/update\.d)\/|\/\.(?:npm|cache|yarn|pnpm-store|git|gem\/specs|bundle\/cache)\/|\/__pycache__\/|^\/(?:usr\/(?:local\/)?)include\/|^\/usr\/(?:local\/)?share\/(?:doc|man|info|locale)\/|\.(?:a|la|pyc)$|\/\.wh\./;
/** Where languages put what an application uses but did not write. */
const dependencyFolder = /\/(?:node_modules|site-packages|dist-packages|vendor\/bundle|vendor\/composer|gems)\//;

export interface Application {
  /** Folders that are the application's whole. */
  readonly folders: readonly ImagePath[];
  /** Whether a file is part of the application, its dependencies included (CONTRACT.md, "Reach and slim"). */
  readonly includes: (entry: Pick<FileEntry, 'path' | 'layer'>) => boolean;
  /** Whether a file is the application's own, and no dependency's. */
  readonly wrote: (path: ImagePath) => boolean;
}

export interface ApplicationOptions {
  readonly config: ImageConfig;
  readonly tree: ImageTree;
  /** Whether a distribution's package owns the file at this real path. */
  readonly isOwned: (path: ImagePath) => boolean;
  /** Whether any package, of a language too, owns it. */
  readonly isPackaged: (path: ImagePath) => boolean;
  /** Paths that the user says are the application's too. */
  readonly added: readonly ImagePath[];
}

/** Tells what of an image is its application. */
export function findApplication({ config, tree, isOwned, isPackaged, added }: ApplicationOptions): Application {
  const working = workingFolder(config);
  const words = [...(config.entrypoint ?? []), ...(config.cmd ?? [])];
  const named = words.flatMap((word): readonly ImagePath[] => {
    const path = word.includes('/') ? absolutePath(word, working) : undefined;
    const entry = path === undefined ? undefined : tree.find(path);
    if (entry === undefined) return [];
    return [entry.type === 'directory' ? entry.path : parentPath(entry.path)];
  });
  const real = tree.findFolder(working)?.path ?? working;
  const folders = [...new Set([...[real, ...named].filter(isApplicationFolder), ...added])];
  const inFolders = (path: ImagePath): boolean =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  // The lists of distroless images name no links: a link is of the package whose file it leads to.
  const isOfPackage = (path: ImagePath): boolean => {
    const entry = tree.find(path);
    return entry !== undefined && entry.path !== path && isOwned(entry.path);
  };
  return {
    folders,
    includes: ({ path, layer }) =>
      !isOwned(path) &&
      ((inFolders(path) && !/\/\.(?:npm|cache)\//.test(path)) ||
        (layer > 0 && !isPackaged(path) && !isNone(path) && baseName(path) !== '' && !isOfPackage(path))),
    wrote: (path) => !isOwned(path) && inFolders(path) && !dependencyFolder.test(path),
  };
}

function isNone(path: ImagePath): boolean {
  return noApplication.test(path) || isUnusedLibrary(path);
}

function isApplicationFolder(folder: ImagePath): boolean {
  return !systemFolder.test(folder) && !belowSystem.test(`${folder}/`);
}

const languageNames: readonly (readonly [Language, RegExp])[] = [
  ['node', /\.[cm]?js$/],
  ['python', /\.py$/],
  ['php', /\.(?:php\d?|phtml|inc)$/],
  ['perl', /\.(?:p[lm]|psgi|cgi)$/],
  ['ruby', /\.(?:rb|ru)$/],
];

/** Every file of the application; what it wrote itself is followed in the languages that something runs. */
export function applicationSeeds(
  { includes, wrote }: Application,
  filesystem: Pick<Filesystem, 'entries'>,
  languages: ReadonlySet<Language>,
): Needs {
  const edges: Edge[] = [];
  for (const entry of filesystem.entries()) {
    if (entry.type === 'directory' || !includes(entry)) continue;
    const [language] = languageNames.find(([name, pattern]) => languages.has(name) && pattern.test(entry.path)) ?? [];
    const follow = language !== undefined && wrote(entry.path) ? { language } : {};
    edges.push({ to: entry.path, kind: 'application', certain: false, ...follow });
  }
  return { edges };
}
