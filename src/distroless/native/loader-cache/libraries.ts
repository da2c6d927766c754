import { isCinzelError } from '../../../core/errors.ts';
import type { ElfFile } from '../../../formats/elf/model.ts';
import { isElf, readElf } from '../../../formats/elf/read-elf.ts';
import { type CachedLibrary, compareSonames } from '../../../formats/ld-so-cache-write.ts';
import type { ImageTree } from '../../image-tree.ts';
import type { Processor } from './processors.ts';

/** What `ldconfig` finds in a folder: the libraries, and the links by their soname that are missing. */
export interface FolderLibraries {
  readonly libraries: readonly CachedLibrary[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

interface Candidate {
  readonly name: string;
  readonly soname: string;
  readonly isLink: boolean;
}

const sharedObject = 3;

/** Searches a folder as `ldconfig` does (`elf/ldconfig.c`, search_dir). */
export function folderLibraries(folder: string, tree: ImageTree, processor: Processor): FolderLibraries {
  const real = tree.resolve(folder) ?? folder;
  const bySoname = new Map<string, Candidate>();
  for (const name of tree.list(real)) {
    const found = candidate(`${real}/${name}`, name, { tree, processor });
    if (found === undefined) continue;
    const known = bySoname.get(found.soname);
    if (known === undefined || isBetter(found, known)) bySoname.set(found.soname, found);
  }
  const candidates = [...bySoname.values()];
  return {
    libraries: candidates.map(({ soname }) => ({ soname, path: `${folder}/${soname}` })),
    links: candidates.flatMap(({ name, soname, isLink }) => {
      const path = `${real}/${soname}`;
      const isThere = tree.get(path)?.header.type === 'file' || tree.resolve(path) === tree.resolve(`${real}/${name}`);
      return isLink || isThere ? [] : [{ path, target: name }];
    }),
  };
}

/** A file rather than a link; of two alike the newer by its name. */
function isBetter(found: Candidate, known: Candidate): boolean {
  if (found.isLink !== known.isLink) return known.isLink;
  return compareSonames(known.name, found.name) < 0;
}

interface Surroundings {
  readonly tree: ImageTree;
  readonly processor: Processor;
}

function candidate(path: string, name: string, { tree, processor }: Surroundings): Candidate | undefined {
  if (!isLibraryName(name)) return undefined;
  const content = tree.read(path);
  const elf = content === undefined || !isElf(content) ? undefined : tryRead(content, path);
  if (elf === undefined || !fits(elf, processor)) return undefined;
  const soname = elf.dynamic?.soname ?? name;
  const points = tree.get(path)?.header.type === 'symlink';
  // A link that is neither the soname nor what linkers use stands for the library itself.
  const isLink = points && (name === soname || (name.endsWith('.so') && soname.startsWith(name)));
  return { name, soname: isLink ? name : soname, isLink };
}

function isLibraryName(name: string): boolean {
  return /^(?:lib|ld-).*\.so/.test(name) || /^ld(?:64)?\.so\./.test(name);
}

function fits({ type, bits, machine, dynamic }: ElfFile, processor: Processor): boolean {
  return type === sharedObject && bits === processor.bits && machine === processor.machine && dynamic !== undefined;
}

/** What cannot be read is no library. */
function tryRead(content: Uint8Array, path: string): ElfFile | undefined {
  try {
    return readElf(content, path);
  } catch (error) {
    if (isCinzelError(error)) return undefined;
    throw error;
  }
}
