import { type ElfBytes, tableText } from './elf-bytes.ts';
import type { ElfVersions } from './model.ts';

/** More than any library has; chains that are longer run in a circle. */
const most = 65_536;

/** By the index that `.gnu.version` gives to symbols: the library and version that it stands for. */
export function readVersionIndexes(
  reader: ElfBytes,
  start: number,
  count: number,
  strings: Buffer,
): ReadonlyMap<number, { readonly library: string; readonly version: string }> {
  const indexes = new Map<number, { readonly library: string; readonly version: string }>();
  walkChain(reader, start, Math.min(count, most), 12, (at) => {
    const library = tableText(strings, reader.word(at + 4));
    const left = Math.min(reader.half(at + 2), most - indexes.size);
    walkChain(reader, at + reader.word(at + 8), left, 12, (one) => {
      indexes.set(reader.half(one + 6), { library, version: tableText(strings, reader.word(one + 8)) });
    });
  });
  return indexes;
}

/** GNU's `.gnu.version_r`: for each needed library, the versions of its symbols (LSB Core, "Symbol Versioning"). */
export function readVersionsNeeded(
  reader: ElfBytes,
  start: number,
  count: number,
  strings: Buffer,
): readonly ElfVersions[] {
  const needs: ElfVersions[] = [];
  let left = most;
  walkChain(reader, start, Math.min(count, most), 12, (at) => {
    const versions: string[] = [];
    walkChain(reader, at + reader.word(at + 8), Math.min(reader.half(at + 2), left), 12, (one) => {
      left--;
      versions.push(tableText(strings, reader.word(one + 8)));
    });
    needs.push({ file: tableText(strings, reader.word(at + 4)), versions });
  });
  return needs;
}

/** GNU's `.gnu.version_d`: the versions of its own symbols that a library defines, its own name first. */
export function readVersionsDefined(
  reader: ElfBytes,
  start: number,
  count: number,
  strings: Buffer,
): readonly string[] {
  const names: string[] = [];
  walkChain(reader, start, Math.min(count, most), 16, (at) => {
    names.push(tableText(strings, reader.word(at + reader.word(at + 12))));
  });
  return names;
}

/** Visits records that each hold, as a word at `nextAt`, how far the next one is; 0 ends the chain. */
function walkChain(reader: ElfBytes, start: number, count: number, nextAt: number, visit: (at: number) => void): void {
  let at = start;
  for (let index = 0; index < count; index++) {
    visit(at);
    const next = reader.word(at + nextAt);
    if (next === 0) return;
    at += next;
  }
}
