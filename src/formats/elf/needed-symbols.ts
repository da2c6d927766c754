import { type Entries, entryValue, fileOffset, readEntries, segmentDynamic, tags } from './dynamic.ts';
import { ElfBytes, tableText } from './elf-bytes.ts';
import type { ElfFile } from './model.ts';
import { readVersionIndexes } from './symbol-versions.ts';

/** A symbol that a file needs of a library in one version: `strlcpy` of `libc.so.6` in `GLIBC_2.38`. */
export interface NeededSymbol {
  readonly library: string;
  readonly version: string;
  readonly symbol: string;
}

/** More than any file has. */
const mostSymbols = 1_000_000;

/**
 * The symbols that a file needs in a version of their library (LSB Core, "Symbol Versioning"; gABI, "Symbol Table").
 * Throws `untrusted.truncated` where a table leaves the file.
 */
export function neededSymbols(elf: ElfFile, bytes: Uint8Array, what: string): readonly NeededSymbol[] {
  const reader = new ElfBytes(bytes, what);
  const segment = elf.segments.find(({ type }) => type === segmentDynamic);
  if (segment === undefined || elf.dynamic === undefined) return [];
  const entries = readEntries(reader, segment);
  const at = (tag: number): number | undefined => fileOffset(elf.segments, entryValue(entries, tag));
  const [symbols, versions, needs] = [at(tags.symbols), at(tags.symbolVersions), at(tags.versionNeeds)];
  if (symbols === undefined || versions === undefined || needs === undefined) return [];
  const strings = Buffer.from(elf.dynamic.strings);
  const indexes = readVersionIndexes(reader, needs, entryValue(entries, tags.versionNeedCount) ?? 0, strings);
  const size = reader.wide ? 24 : 16;
  const found: NeededSymbol[] = [];
  const count = countSymbols(reader, elf, entries);
  for (let index = 1; index < count; index++) {
    // The highest bit says that the version is hidden.
    const version = indexes.get(reader.half(versions + 2 * index) & 0x7fff);
    const symbol = tableText(strings, reader.word(symbols + size * index));
    if (version !== undefined) found.push({ ...version, symbol });
  }
  return found;
}

const sectionDynamicSymbols = 11;

/**
 * How many symbols there are; where the section headers are stripped and the hash table is GNU's, which counts no more,
 * those before the ones that it finds.
 */
function countSymbols(reader: ElfBytes, { segments, sections }: ElfFile, entries: Entries): number {
  const section = sections.find(({ type }) => type === sectionDynamicSymbols);
  if (section !== undefined) return Math.min(section.size / (reader.wide ? 24 : 16), mostSymbols);
  const classic = fileOffset(segments, entryValue(entries, tags.hash));
  const gnu = fileOffset(segments, entryValue(entries, tags.gnuHash));
  const at = classic ?? gnu;
  return at === undefined ? 0 : Math.min(reader.word(at + 4), mostSymbols);
}
