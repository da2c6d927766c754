import { baseName, type ImagePath, normalizePath } from '../../core/path.ts';
import type { ElfFile } from '../../formats/elf/model.ts';
import type { ElfLibrary } from '../elf-library.ts';
import type { ImageTree } from '../image-tree.ts';
import {
  configuredFolders,
  expandTokens,
  glibcFolders,
  hardwareFolders,
  loaderCache,
  muslFolders,
} from './search-folders.ts';

/** One library that a program loads. */
export interface LoadedLibrary {
  /** The file whose NEEDED names it. */
  readonly from: ImagePath;
  readonly name: string;
  /** As the loader opens them: the first for most machines, others for better processors. Empty when not found. */
  readonly paths: readonly ImagePath[];
}

interface LoadedObject {
  readonly path: ImagePath;
  readonly elf: ElfFile;
  readonly loadedBy?: LoadedObject;
}

interface Surroundings {
  readonly musl: boolean;
  readonly defaults: readonly ImagePath[];
  /** LD_LIBRARY_PATH. */
  readonly given: readonly string[];
}

/** Names that musl's loader answers itself (musl, `ldso/dynlink.c`, load_library). */
const muslOwn = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

/**
 * Finds what programs load, as the dynamic loader would (ld.so(8); glibc `elf/dl-load.c`; musl `ldso/dynlink.c`):
 *
 * 1. A name with a slash is a path.
 * 2. glibc: RPATH of the object (unless it has a RUNPATH) and of those that loaded it, LD_LIBRARY_PATH, RUNPATH of the
 *    object, the cache, the default folders; in each folder first its variants for better processors. Where the image
 *    has no cache, the folders of ld.so.conf stand in for it, since whoever runs it may make one.
 *    musl: LD_LIBRARY_PATH, RPATH and RUNPATH alike of the object and of those that loaded it, the system's path.
 * 3. A file of another machine is passed over.
 */
export class DynamicLoader {
  readonly #tree: ImageTree;
  readonly #library: ElfLibrary;
  readonly #environment: ReadonlyMap<string, string>;
  #cache: Promise<ReadonlyMap<string, readonly ImagePath[]> | undefined> | undefined;
  #configured: Promise<readonly ImagePath[]> | undefined;

  constructor(tree: ImageTree, library: ElfLibrary, environment: ReadonlyMap<string, string>) {
    this.#tree = tree;
    this.#library = library;
    this.#environment = environment;
  }

  /** All libraries that this file needs, directly or not, breadth first as the loader takes them. */
  async load(path: ImagePath, elf: ElfFile): Promise<readonly LoadedLibrary[]> {
    const surroundings = await this.#surroundings(elf);
    const loaded: LoadedLibrary[] = [];
    const seen = new Map<string, readonly ImagePath[]>();
    const objects: LoadedObject[] = [{ path, elf }];
    const opened = new Set([path]);
    for (let object = objects.shift(); object !== undefined; object = objects.shift()) {
      for (const name of object.elf.dynamic?.needed ?? []) {
        if (surroundings.musl && muslOwn.test(name)) continue;
        const paths = seen.get(name) ?? (await this.#find(name, object, surroundings));
        seen.set(name, paths);
        loaded.push({ from: object.path, name, paths });
        for (const found of paths) {
          const real = this.#tree.findFile(found)?.path;
          const next = real === undefined || opened.has(real) ? undefined : await this.#library.read(real);
          if (real === undefined || next === undefined) continue;
          opened.add(real);
          objects.push({ path: real, elf: next, loadedBy: object });
        }
      }
    }
    return loaded;
  }

  /** Where a library that this file opens by name at run time would be. */
  async find(name: string, path: ImagePath, elf: ElfFile): Promise<readonly ImagePath[]> {
    return this.#find(name, { path, elf }, await this.#surroundings(elf));
  }

  async #surroundings(elf: ElfFile): Promise<Surroundings> {
    const musl =
      baseName(elf.interpreter ?? '').startsWith('ld-musl-') ||
      (elf.dynamic?.needed.some((name) => name === 'libc.so' || name.startsWith('libc.musl-')) ?? false);
    return {
      musl,
      defaults: musl ? await muslFolders(elf, this.#tree) : glibcFolders(elf),
      given: (this.#environment.get('LD_LIBRARY_PATH') ?? '').split(/[:;]/).filter((folder) => folder !== ''),
    };
  }

  async #find(name: string, object: LoadedObject, surroundings: Surroundings): Promise<readonly ImagePath[]> {
    if (name.includes('/')) return this.#usable(expandTokens(name, object.path, object.elf), object.elf);
    const { musl, given, defaults } = surroundings;
    const { dynamic } = object.elf;
    const own = (dynamic?.runpath ?? []).flatMap((folder) => expandTokens(folder, object.path, object.elf));
    const before = musl ? [...given, ...inheritedMusl(object)] : [...inherited(object), ...given, ...own];
    const early = await this.#inFolders(name, before, object.elf, musl);
    if (early.length > 0 || dynamic?.noDefaultFolders === true) return early;
    const cached = musl ? [] : await this.#inCache(name, object.elf);
    return cached.length > 0 ? cached : this.#inFolders(name, defaults, object.elf, musl);
  }

  async #inFolders(
    name: string,
    folders: readonly string[],
    elf: ElfFile,
    musl: boolean,
  ): Promise<readonly ImagePath[]> {
    for (const folder of folders) {
      const absolute = normalizePath(folder.startsWith('/') ? folder : `/${folder}`);
      if (absolute === undefined || this.#tree.findFolder(absolute) === undefined) continue;
      const variants = musl ? [] : hardwareFolders(absolute, this.#tree);
      const found = await this.#usable([`${absolute}/${name}`, ...variants.map((one) => `${one}/${name}`)], elf);
      if (found.length > 0) return found;
    }
    return [];
  }

  async #inCache(name: string, elf: ElfFile): Promise<readonly ImagePath[]> {
    this.#cache ??= loaderCache(this.#tree);
    const cache = await this.#cache;
    if (cache !== undefined) return this.#usable(cache.get(name) ?? [], elf);
    this.#configured ??= configuredFolders(this.#tree);
    return this.#inFolders(name, await this.#configured, elf, false);
  }

  /** Those of the paths that lead to a library for the same machine. */
  async #usable(paths: readonly string[], wanted: ElfFile): Promise<readonly ImagePath[]> {
    const usable: ImagePath[] = [];
    for (const path of paths) {
      const clean = normalizePath(path);
      const entry = clean === undefined ? undefined : this.#tree.findFile(clean);
      const elf = entry && (await this.#library.read(entry.path));
      if (elf?.machine === wanted.machine && elf.bits === wanted.bits && clean !== undefined) usable.push(clean);
    }
    return usable;
  }
}

/** RPATHs that count for an object: its own and those of its loaders, none of them where the object has a RUNPATH. */
function inherited(object: LoadedObject): readonly string[] {
  if ((object.elf.dynamic?.runpath.length ?? 0) > 0) return [];
  const folders: string[] = [];
  for (let one: LoadedObject | undefined = object; one !== undefined; one = one.loadedBy) {
    const { path, elf } = one;
    if ((elf.dynamic?.runpath.length ?? 0) > 0) continue;
    folders.push(...(elf.dynamic?.rpath ?? []).flatMap((folder) => expandTokens(folder, path, elf)));
  }
  return folders;
}

function inheritedMusl(object: LoadedObject): readonly string[] {
  const folders: string[] = [];
  for (let one: LoadedObject | undefined = object; one !== undefined; one = one.loadedBy) {
    const { path, elf } = one;
    const { runpath = [], rpath = [] } = elf.dynamic ?? {};
    folders.push(...(runpath.length > 0 ? runpath : rpath).flatMap((folder) => expandTokens(folder, path, elf)));
  }
  return folders;
}
