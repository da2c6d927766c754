import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import type { ImageTree } from '../image-tree.ts';

/** An installed gem, as its specification describes it (guides.rubygems.org/specification-reference). */
export interface Gem {
  readonly name: string;
  /** `NAME-VERSION`. */
  readonly fullName: string;
  readonly specification: ImagePath;
  /** Its own folder; it need not be there: Debian puts what gems load on the common load path. */
  readonly root: ImagePath;
  /** What its `require_paths` puts on the load path, and the folder of its compiled extensions. */
  readonly folders: readonly ImagePath[];
  readonly dependencies: readonly string[];
}

const texts = /['"]([^'"]+)['"]|%q<([^>]+)>/g;

/** Reads a specification in the form in which rubygems writes them, or a developer does. */
export async function readGem(file: ImagePath, home: ImagePath, tree: ImageTree): Promise<Gem | undefined> {
  const text = (await tree.readText(file)) ?? '';
  const fullName = baseName(file).replace(/\.gemspec$/, '');
  const isSource = !/\/specifications(?:\/default)?$/.test(parentPath(file));
  const name =
    /^# stub: (\S+)/m.exec(text)?.[1] ?? /\.name\s*=\s*['"]([^'"]+)/.exec(text)?.[1] ?? fullName.replace(/-\d.*$/, '');
  const root = isSource ? parentPath(file) : joinPath(home, `gems/${fullName}`);
  const listed =
    /\.require_paths\s*=\s*\[([^\]]*)\]/.exec(text)?.[1] ?? /\.require_path\s*=\s*(['"][^'"]+['"])/.exec(text)?.[1];
  const paths = listed === undefined ? ['lib'] : [...listed.matchAll(texts)].map(([, one = '']) => one);
  const extensions = tree.list(joinPath(home, 'extensions')).flatMap(({ path }) => tree.list(path));
  return {
    name,
    fullName,
    specification: file,
    root,
    folders: [
      ...paths.map((path) => joinPath(root, path)),
      ...extensions.map(({ path }) => joinPath(path, fullName)),
    ].filter((folder) => tree.findFolder(folder) !== undefined),
    dependencies: [...text.matchAll(/\.add_(?:runtime_)?dependency[ (]+(?:['"]([^'"]+)['"]|%q<([^>]+)>)/g)].map(
      ([, quoted, other]) => quoted ?? other ?? '',
    ),
  };
}
