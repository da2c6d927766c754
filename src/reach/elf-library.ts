import { isCinzelError } from '../core/errors.ts';
import type { ImagePath } from '../core/path.ts';
import type { ElfFile } from '../formats/elf/model.ts';
import { isElf, readElf } from '../formats/elf/read-elf.ts';
import type { ImageTree } from './image-tree.ts';

/** The ELF files of an image, each read once. */
export class ElfLibrary {
  readonly #tree: ImageTree;
  readonly #known = new Map<ImagePath, Promise<ElfFile | undefined>>();

  constructor(tree: ImageTree) {
    this.#tree = tree;
  }

  /** What the ELF file at this real path says of itself; undefined when it is none, or a damaged one. */
  read(path: ImagePath): Promise<ElfFile | undefined> {
    const known = this.#known.get(path) ?? this.#load(path);
    this.#known.set(path, known);
    return known;
  }

  async #load(path: ImagePath): Promise<ElfFile | undefined> {
    const bytes = await this.#tree.read(path);
    return bytes !== undefined && isElf(bytes) ? parseLeniently(bytes, path) : undefined;
  }
}

/** The dynamic string table is copied out, so that the file itself is not held in memory. */
function parseLeniently(bytes: Uint8Array, path: ImagePath): ElfFile | undefined {
  try {
    const elf = readElf(bytes, path);
    if (elf.dynamic === undefined) return elf;
    return { ...elf, dynamic: { ...elf.dynamic, strings: Uint8Array.from(elf.dynamic.strings) } };
  } catch (error) {
    if (isCinzelError(error, 'untrusted.malformed', 'untrusted.truncated')) return undefined;
    throw error;
  }
}

/** Whether the name (of a function that it calls or defines) is in the file's dynamic string table. */
export function namesSymbol({ dynamic }: ElfFile, name: string): boolean {
  return dynamic !== undefined && Buffer.from(dynamic.strings).includes(`\0${name}\0`, 0, 'latin1');
}
