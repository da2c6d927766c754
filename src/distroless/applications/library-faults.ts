import type { LibraryFault } from '../../core/application-fault.ts';
import { baseName, normalizePath, parentPath } from '../../core/path.ts';
import type { ElfFile } from '../../formats/elf/model.ts';
import { neededSymbols } from '../../formats/elf/needed-symbols.ts';
import { isElf, readElf } from '../../formats/elf/read-elf.ts';
import type { ImageTree } from '../image-tree.ts';
import { libraryFolders } from '../native/loader-cache/folders.ts';
import type { Processor } from '../native/loader-cache/processors.ts';
import { compareNumbers } from './compare-numbers.ts';

interface LoadedObject {
  readonly path: string;
  readonly elf: ElfFile;
  readonly bytes: Uint8Array;
  /** RPATHs of what loaded it, nearest first. */
  readonly inherited: readonly string[];
}

/**
 * What would keep the dynamic loader from starting a program of the image, or from loading a library: one that is not
 * there, or has not the version of a symbol that is needed (ld.so(8)). A static file has nothing that could be missing.
 */
export function libraryFaults(path: string, tree: ImageTree, processor: Processor): readonly LibraryFault[] {
  const first = objectAt(path, tree, []);
  if (first === undefined) return [];
  const { machine, bits, interpreter } = first.elf;
  if (machine !== processor.machine || bits !== processor.bits) return [{ kind: 'machine', path, machine }];
  if (interpreter !== undefined && tree.read(interpreter) === undefined) {
    return [{ kind: 'interpreter', path, interpreter }];
  }
  const faults: LibraryFault[] = [];
  const folders = libraryFolders(tree, processor.triplet);
  // The program interpreter is a library that is there from the start.
  const loader = interpreter === undefined ? undefined : objectAt(interpreter, tree, []);
  const loaded = new Map(loader === undefined ? [] : [[baseName(loader.path), loader]]);
  const queue = [first];
  for (let object = queue.shift(); object !== undefined; object = queue.shift()) {
    for (const name of object.elf.dynamic?.needed ?? []) {
      const known = loaded.get(name);
      const found = known ?? findLibrary(name, object, { tree, folders, processor });
      if (found === undefined) faults.push({ kind: 'library', path: object.path, name });
      else if (known === undefined) queue.push(found);
      if (found !== undefined) loaded.set(name, found);
    }
    faults.push(...versionFaults(object, loaded));
  }
  return faults;
}

interface Search {
  readonly tree: ImageTree;
  readonly folders: readonly string[];
  readonly processor: Processor;
}

function findLibrary(
  name: string,
  object: LoadedObject,
  { tree, folders, processor }: Search,
): LoadedObject | undefined {
  const { rpath = [], runpath = [] } = object.elf.dynamic ?? {};
  const expand = (folder: string): string =>
    folder
      .replaceAll(/\$\{?ORIGIN\}?/g, parentPath(object.path))
      .replaceAll(/\$\{?LIB\}?/g, `lib/${processor.triplet}`);
  const own = rpath.map(expand);
  const inherited = runpath.length > 0 ? [] : [...own, ...object.inherited];
  const places = name.includes('/') ? [''] : [...inherited, ...runpath.map(expand), ...folders];
  for (const place of places) {
    const path = normalizePath(`${place}/${name}`);
    const real = path === undefined ? undefined : tree.resolve(path);
    const found = real === undefined ? undefined : objectAt(real, tree, [...own, ...object.inherited]);
    if (found?.elf.machine === object.elf.machine && found.elf.bits === object.elf.bits) return found;
  }
  return undefined;
}

function objectAt(path: string, tree: ImageTree, inherited: readonly string[]): LoadedObject | undefined {
  const bytes = tree.read(path);
  return bytes === undefined || !isElf(bytes) ? undefined : { path, bytes, elf: readElf(bytes, path), inherited };
}

/** The loader takes a version that nothing defines for an error, unless the library defines none at all. */
function versionFaults(
  { path, elf, bytes }: LoadedObject,
  loaded: ReadonlyMap<string, LoadedObject>,
): readonly LibraryFault[] {
  const faults: LibraryFault[] = [];
  for (const { file, versions } of elf.dynamic?.versionsNeeded ?? []) {
    const library = loaded.get(file);
    const defined = library?.elf.dynamic?.versionsDefined ?? [];
    if (library === undefined || defined.length === 0) continue;
    for (const version of versions.filter((one) => !defined.includes(one))) {
      const symbol = neededSymbols(elf, bytes, path).find((one) => one.version === version && one.library === file);
      const available = highest(version, defined);
      faults.push({
        kind: 'version',
        path,
        library: baseName(library.path),
        version,
        ...(symbol === undefined ? {} : { symbol: symbol.symbol }),
        ...(available === undefined ? {} : { available }),
      });
    }
  }
  return faults;
}

/** The highest version of the same name: of `GLIBC_2.38` the highest `GLIBC_…`. */
function highest(version: string, defined: readonly string[]): string | undefined {
  const prefix = version.slice(0, version.indexOf('_') + 1);
  return defined
    .filter((one) => one.startsWith(prefix) && /^\d/.test(one.slice(prefix.length)))
    .toSorted(compareNumbers)
    .at(-1);
}
