import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { World } from '../world.ts';
import { rubyOf } from './environment.ts';

/** What belongs together: a gem, or what Debian put of one on the common load path under one name. */
export interface RubyUnit {
  /** The file that stands for it, so that its files are listed once. */
  readonly standIn: ImagePath;
  readonly roots: readonly ImagePath[];
}

const apart =
  /\/(?:tests?|specs?|features|docs?|examples?|ext|bench\w*|\.\w+)$|\/[^/]*\.(?:md|rdoc|markdown|c|cc|cpp|h|hpp|o|a|java)$/;

/** The unit that a file of a package belongs to; undefined for the standard library and the application's files. */
export function unitOf(path: ImagePath, world: World): RubyUnit | undefined {
  const ruby = rubyOf(world);
  if (ruby.isStandard(path)) return undefined;
  const gem = ruby.gems.find(({ root }) => path.startsWith(`${root}/`));
  if (gem !== undefined && !world.isApplication(path)) return { standIn: gem.specification, roots: [gem.root] };
  const folder = ruby.loadFolders.find((one) => path.startsWith(`${one}/`));
  if (folder === undefined || world.isApplication(path)) return undefined;
  const [name = ''] = path.slice(folder.length + 1).split(/[/.]/);
  const own = joinPath(folder, name);
  const [first] = world.tree.findFile(`${own}.rb`) === undefined ? rubyFiles(own, world) : [`${own}.rb`];
  return { standIn: first ?? path, roots: [own] };
}

/** Every file of Ruby in a unit. */
export function unitFiles({ standIn, roots }: RubyUnit, world: World): readonly ImagePath[] {
  return [standIn, ...roots.flatMap((root) => rubyFiles(root, world))].filter((path) => path.endsWith('.rb'));
}

/** What a unit brings besides code: templates, translations, certificates, compiled extensions. */
export function unitData({ roots }: RubyUnit, world: World): readonly ImagePath[] {
  const isGem = roots.some((root) => baseName(parentPath(root)) === 'gems');
  const names = isGem ? extensionFolders(roots, world) : [];
  return [...roots, ...names].flatMap((root) =>
    filesBelow(root, world, (path) => !apart.test(path)).filter((path) => !path.endsWith('.rb')),
  );
}

/** Rubygems looks for `gem.build_complete` in them before it takes a gem with extensions for installed. */
function extensionFolders(roots: readonly ImagePath[], world: World): readonly ImagePath[] {
  return roots.flatMap((root) => {
    const platforms = world.tree.list(joinPath(parentPath(parentPath(root)), 'extensions'));
    return platforms.flatMap(({ path }) => world.tree.list(path)).map(({ path }) => joinPath(path, baseName(root)));
  });
}

function rubyFiles(root: ImagePath, world: World): readonly ImagePath[] {
  return filesBelow(root, world, (path) => !apart.test(path)).filter((path) => path.endsWith('.rb'));
}
