import { type ElfBytes, tableText } from './elf-bytes.ts';
import type { ElfDynamic, ElfSegment } from './model.ts';
import { readVersionsDefined, readVersionsNeeded } from './symbol-versions.ts';

const segmentLoad = 1;
export const segmentDynamic = 2;
/** Tags of the dynamic section (gABI chapter 5, figure 5-10; GNU's extensions). */
export const tags = {
  null: 0,
  needed: 1,
  hash: 4,
  strings: 5,
  symbols: 6,
  stringsSize: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  gnuHash: 0x6ffffef5,
  symbolVersions: 0x6ffffff0,
  flags1: 0x6ffffffb,
  versionDefinitions: 0x6ffffffc,
  versionDefinitionCount: 0x6ffffffd,
  versionNeeds: 0x6ffffffe,
  versionNeedCount: 0x6fffffff,
} as const;
const flagNoDefaultFolders = 0x800;

export type Entries = readonly (readonly [tag: number, value: number])[];

/** What the dynamic section says, or undefined in a file that has none. */
export function readDynamic(reader: ElfBytes, segments: readonly ElfSegment[]): ElfDynamic | undefined {
  const segment = segments.find(({ type }) => type === segmentDynamic);
  // Debug files keep the header of the section and not its bytes.
  if (segment === undefined || segment.fileSize === 0) return undefined;
  const entries = readEntries(reader, segment);
  const strings = readStrings(reader, segments, entries);
  if (strings === undefined) return undefined;
  const texts = (wanted: number): readonly string[] =>
    entries.filter(([tag]) => tag === wanted).map(([, value]) => tableText(strings, value));
  const folders = (wanted: number): readonly string[] =>
    texts(wanted).flatMap((text) => text.split(':').filter((folder) => folder !== ''));
  const [soname] = texts(tags.soname);
  return {
    needed: texts(tags.needed).filter((name) => name !== ''),
    ...(soname === undefined || soname === '' ? {} : { soname }),
    rpath: folders(tags.rpath),
    runpath: folders(tags.runpath),
    noDefaultFolders: ((entryValue(entries, tags.flags1) ?? 0) & flagNoDefaultFolders) !== 0,
    versionsNeeded: versions(segments, entries, tags.versionNeeds, tags.versionNeedCount, (at, count) =>
      readVersionsNeeded(reader, at, count, strings),
    ),
    versionsDefined: versions(segments, entries, tags.versionDefinitions, tags.versionDefinitionCount, (at, n) =>
      readVersionsDefined(reader, at, n, strings),
    ),
    strings,
  };
}

/** Tags of the dynamic section with their values, up to the one that ends it. */
export function readEntries(reader: ElfBytes, { offset, fileSize }: ElfSegment): Entries {
  const size = reader.wide ? 16 : 8;
  const entries: (readonly [number, number])[] = [];
  for (let at = offset; at + size <= offset + fileSize; at += size) {
    const tag = reader.native(at);
    if (tag === tags.null) break;
    entries.push([tag, reader.native(at + size / 2)]);
  }
  return entries;
}

function readStrings(reader: ElfBytes, segments: readonly ElfSegment[], entries: Entries): Buffer | undefined {
  const at = fileOffset(segments, entryValue(entries, tags.strings));
  return at === undefined ? undefined : reader.slice(at, entryValue(entries, tags.stringsSize) ?? 0);
}

function versions<Value>(
  segments: readonly ElfSegment[],
  entries: Entries,
  where: number,
  howMany: number,
  read: (at: number, count: number) => readonly Value[],
): readonly Value[] {
  const at = fileOffset(segments, entryValue(entries, where));
  return at === undefined ? [] : read(at, entryValue(entries, howMany) ?? 0);
}

/** The value of the first entry with this tag. */
export function entryValue(entries: Entries, wanted: number): number | undefined {
  return entries.find(([tag]) => tag === wanted)?.[1];
}

/** Where in the file an address is, by the segment that maps it. */
export function fileOffset(segments: readonly ElfSegment[], address: number | undefined): number | undefined {
  if (address === undefined) return undefined;
  const segment = segments.find(
    ({ type, address: from, fileSize }) => type === segmentLoad && address >= from && address < from + fileSize,
  );
  return segment && segment.offset + (address - segment.address);
}
