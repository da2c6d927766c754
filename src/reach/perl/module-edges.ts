import { type ImagePath, joinPath, parentPath, rootPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import { perlOf } from './environment.ts';

const noData = /\.(?:pm|pod|pl|t|h|xs)$/;

/** The edge to a file of Perl that is run. */
export function perlEdge(to: ImagePath, detail: string): Edge {
  return { to, kind: 'import', detail, certain: false, language: 'perl' };
}

/** What loading a module needs: its file in `@INC`, or near the file that asks. */
export function moduleEdges(module: string, world: World, near: readonly ImagePath[] = []): readonly Edge[] {
  const file = perlOf(world).find(`${module.replaceAll('::', '/')}.pm`, near);
  return file === undefined ? [] : [perlEdge(file, module)];
}

/** What belongs to a module: what was compiled or split off for it, and the data of its outermost namespace. */
export function ownEdges(path: ImagePath, world: World): readonly Edge[] {
  const perl = perlOf(world);
  const folder = perl.folderOf(path);
  if (folder === undefined || !path.endsWith('.pm')) return [];
  const name = path.slice(folder.length + 1).replace(/\.pm$/, '');
  const [top = name] = name.split('/');
  const shared = [`auto/share/dist/${name.replaceAll('/', '-')}`, `auto/share/module/${name.replaceAll('/', '-')}`];
  const data = perl.isStandard(path) ? [] : filesBelow(joinPath(folder, top), world).filter((one) => !noData.test(one));
  return [
    ...[...data, ...shared.flatMap((one) => perl.all(one)).flatMap((one) => filesBelow(one, world))].map(
      (to): Edge => ({ to, kind: 'package', detail: name, certain: false }),
    ),
    ...perl.all(`auto/${name}`).flatMap((one) => compiledEdges(one, name, world)),
  ];
}

/** Files of `auto/A/B`, not of modules below it. */
function compiledEdges(folder: ImagePath, detail: string, { tree }: World): readonly Edge[] {
  return tree
    .list(folder)
    .filter(({ type }) => type !== 'directory')
    .map(({ path: to }) => ({ to, kind: to.endsWith('.so') ? 'dlopen' : 'module', detail, certain: false }));
}

/** Modules that begin with a name: those of the folder of that name. */
export function modulesBelow(name: string, world: World): readonly string[] {
  const folders = perlOf(world).all(name.replace(/::$/, '').replaceAll('::', '/'));
  return folders
    .flatMap((folder) => world.tree.list(folder).map(({ path }) => path))
    .flatMap((path) => /\/([^/]+)\.pm$/.exec(path)?.[1] ?? [])
    .map((last) => `${name.replace(/::$/, '')}::${last}`);
}

/** Folders that an application has put in `@INC` by then, as a rule: `lib` beside or above the file. */
export function nearFolders(path: ImagePath, { isApplication }: World): readonly ImagePath[] {
  const folders: ImagePath[] = [];
  for (let at = parentPath(path); at !== rootPath && isApplication(joinPath(at, 'x.pm')); at = parentPath(at)) {
    folders.push(at, joinPath(at, 'lib'), joinPath(at, 'local/lib/perl5'));
  }
  return folders;
}
