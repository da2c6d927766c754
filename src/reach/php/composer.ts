import { type ImagePath, joinPath, normalizePath, parentPath, rootPath } from '../../core/path.ts';
import type { World } from '../world.ts';

/** What Composer wrote down about where classes are (getcomposer.org/doc/04-schema.md, "Autoload"). */
export interface ComposerAutoload {
  /** The `vendor` folder. */
  readonly folder: ImagePath;
  readonly classes: ReadonlyMap<string, ImagePath>;
  /** Folders by prefix of names; PSR-0 keeps the whole name in the path. */
  readonly prefixes: readonly {
    readonly prefix: string;
    readonly folders: readonly ImagePath[];
    readonly whole: boolean;
  }[];
  /** Files that are loaded at once. */
  readonly files: readonly ImagePath[];
}

const known = new WeakMap<World, Map<ImagePath, Promise<ComposerAutoload | undefined>>>();

/** The autoloader of the nearest folder above a file that has one. */
export async function autoloadFor(path: ImagePath, world: World): Promise<ComposerAutoload | undefined> {
  for (let at = parentPath(path); ; at = parentPath(at)) {
    const folder = joinPath(at, 'vendor');
    if (world.tree.findFile(joinPath(folder, 'composer/autoload_psr4.php')) !== undefined) return read(folder, world);
    if (at === rootPath) return undefined;
  }
}

/** The file of a class. */
export function classFile(name: string, autoload: ComposerAutoload, { tree }: World): ImagePath | undefined {
  const listed = autoload.classes.get(name);
  if (listed !== undefined) return listed;
  for (const { prefix, folders, whole } of autoload.prefixes) {
    if (!name.startsWith(prefix)) continue;
    const rest = (whole ? name.replaceAll('_', '/') : name.slice(prefix.length)).replaceAll('\\', '/');
    const file = folders
      .map((folder) => joinPath(folder, `${rest}.php`))
      .find((path) => tree.findFile(path) !== undefined);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The folder of the Composer package that a file belongs to. */
export function packageFolder(path: ImagePath): ImagePath | undefined {
  return /^(.*\/vendor\/(?!composer\/)[^/]+\/[^/]+)\//.exec(path)?.[1];
}

function read(folder: ImagePath, world: World): Promise<ComposerAutoload | undefined> {
  const all = known.get(world) ?? new Map<ImagePath, Promise<ComposerAutoload | undefined>>();
  known.set(world, all);
  const found = all.get(folder) ?? load(folder, world);
  all.set(folder, found);
  return found;
}

async function load(folder: ImagePath, { tree }: World): Promise<ComposerAutoload> {
  const text = async (name: string): Promise<string> =>
    (await tree.readText(joinPath(folder, `composer/${name}`))) ?? '';
  const pathsIn = (words: string): readonly ImagePath[] =>
    [...words.matchAll(/\$(vendorDir|baseDir)\s*\.\s*'([^']*)'/g)].flatMap(
      ([, base, path = '']) => normalizePath(`${base === 'vendorDir' ? folder : parentPath(folder)}/${path}`) ?? [],
    );
  const lines = (words: string): readonly (readonly [string, readonly ImagePath[]])[] =>
    [...words.matchAll(/^\s*'((?:[^'\\]|\\.)*)'\s*=>\s*(.*)$/gm)].map(([, key = '', rest = '']) => [
      key.replaceAll('\\\\', '\\'),
      pathsIn(rest),
    ]);
  const prefixed = (words: string, whole: boolean) =>
    lines(words).map(([prefix, folders]) => ({ prefix, folders, whole }));
  return {
    folder,
    classes: new Map(
      lines(await text('autoload_classmap.php')).flatMap(([name, [path]]) =>
        path === undefined ? [] : [[name, path]],
      ),
    ),
    prefixes: [
      ...prefixed(await text('autoload_psr4.php'), false),
      ...prefixed(await text('autoload_namespaces.php'), true),
    ].sort((a, b) => b.prefix.length - a.prefix.length),
    files: lines(await text('autoload_files.php')).flatMap(([, paths]) => paths),
  };
}
