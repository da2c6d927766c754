import { isCinzelError } from '../../core/errors.ts';
import { asObject, asString, type JsonObject, parseJson } from '../../core/json.ts';
import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { CatalogedPackage, CatalogView, PackageDetail } from '../cataloger.ts';

/** Globs of what npmDetails reads. */
export const npmDetailFiles: readonly string[] = ['**/node_modules/.package-lock.json'];

/** Where Debian's Node looks last, by a patch of its own. */
const debianFolders = ['/usr/share/nodejs', '/usr/lib/nodejs'];

/** Where a package came from, by npm's hidden lock file, and which packages it finds when it asks for its dependencies. */
export function npmDetails({ filesystem }: CatalogView): (found: CatalogedPackage) => Promise<PackageDetail> {
  const locks = new LockFiles(filesystem);
  return async ({ location = '/', dependencies = [] }) => {
    const origin = await locks.originOf(location);
    const folders = moduleFolders(location, filesystem);
    const locations = dependencies.flat().flatMap((name) => findModule(name, folders, filesystem) ?? []);
    return { ...(origin === undefined ? {} : { origin }), dependencyLocations: locations };
  };
}

/** `node_modules/.package-lock.json`, which npm writes since version 7 (docs.npmjs.com, "Hidden Lockfiles"). */
class LockFiles {
  readonly #filesystem: Filesystem;
  readonly #packages = new Map<ImagePath, Promise<JsonObject>>();

  constructor(filesystem: Filesystem) {
    this.#filesystem = filesystem;
  }

  /** What the outermost lock file that knows the location says of it. */
  async originOf(location: ImagePath): Promise<string | undefined> {
    for (const { index } of location.matchAll(/\/node_modules(?=\/)/g)) {
      const path = `${location.slice(0, index)}/node_modules/.package-lock.json`;
      const reading = this.#packages.get(path) ?? this.#read(path);
      this.#packages.set(path, reading);
      const packages = await reading;
      const key = location.slice(index + 1);
      if (Object.hasOwn(packages, key)) return asString(asObject(packages[key])?.['resolved']);
    }
    return undefined;
  }

  async #read(path: ImagePath): Promise<JsonObject> {
    const bytes = await this.#filesystem.read(path);
    if (bytes === undefined) return {};
    try {
      return asObject(asObject(parseJson(bytes, path))?.['packages']) ?? {};
    } catch (error) {
      if (isCinzelError(error, 'untrusted.malformed')) return {};
      throw error;
    }
  }
}

/** The folders where Node looks for modules, nearest first (nodejs.org/api/modules.html). */
function moduleFolders(from: ImagePath, filesystem: Filesystem): readonly ImagePath[] {
  const folders: ImagePath[] = [];
  for (let folder = from; ; folder = parentPath(folder)) {
    folders.push(baseName(folder) === 'node_modules' ? folder : joinPath(folder, 'node_modules'));
    if (folder === '/') break;
  }
  return [...new Set([...folders, ...debianFolders])].filter((folder) => isFolder(folder, filesystem));
}

function findModule(name: string, folders: readonly ImagePath[], filesystem: Filesystem): ImagePath | undefined {
  if (!/^(?:@[^/]+\/)?[^./][^/]*$/.test(name)) return undefined;
  const folder = folders.find((candidate) => isFolder(joinPath(candidate, name), filesystem));
  return folder && filesystem.resolve(joinPath(folder, name))?.path;
}

function isFolder(path: ImagePath, filesystem: Filesystem): boolean {
  return filesystem.resolve(path)?.type === 'directory';
}
