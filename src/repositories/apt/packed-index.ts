import { compareText } from '../../core/compare-text.ts';
import { parseRelations } from '../../formats/debian-relations.ts';
import type { IndexedPackage } from './indexed-package.ts';
import { openTable, packTable, type SortedTable } from './sorted-table.ts';

/** Raise it when what is kept of a package, or how, changes. */
export const packedVersion = 4;

/** The packages of one index, found by what they are asked for; none is read before. */
export interface PackageIndex {
  readonly named: (name: string) => readonly IndexedPackage[];
  readonly providing: (name: string) => readonly IndexedPackage[];
  readonly builtFrom: (source: string) => readonly IndexedPackage[];
}

type Names = readonly (keyof IndexedPackage)[];

/** The name comes first: it is what the table is sorted by. */
const textNames = [
  'name',
  'version',
  'architecture',
  'source',
  'sourceVersion',
  'filename',
  'sha256',
  'depends',
  'preDepends',
  'provides',
  'conflicts',
  'breaks',
  'replaces',
  'multiArch',
  'priority',
] as const satisfies Names;

/** Three tables: packages by name, then what is provided and what sources there are, each with the lines of the first. */
export function packIndex(packages: readonly IndexedPackage[]): Uint8Array {
  const sorted = packages.toSorted((a, b) => compareText(a.name, b.name));
  const provided = (found: IndexedPackage): readonly string[] =>
    parseRelations(found.provides).flatMap((alternatives) => alternatives.map(({ name }) => name));
  return Buffer.concat([
    packTable(sorted.map(packPackage)),
    packTable(linesBy(sorted, provided)),
    packTable(linesBy(sorted, ({ source }) => [source])),
  ]);
}

function linesBy(
  packages: readonly IndexedPackage[],
  wordsOf: (found: IndexedPackage) => readonly string[],
): readonly (readonly (string | number)[])[] {
  const lines = new Map<string, number[]>();
  for (const [number, found] of packages.entries()) {
    for (const word of new Set(wordsOf(found))) {
      const known = lines.get(word);
      if (known === undefined) lines.set(word, [number]);
      else known.push(number);
    }
  }
  return [...lines].sort(([a], [b]) => compareText(a, b)).map(([word, numbers]) => [word, ...numbers]);
}

function packPackage(found: IndexedPackage): readonly (string | number)[] {
  const { size, essential, important, rank } = found;
  return [...textNames.map((name) => found[name]), size, essential ? 1 : 0, important ? 1 : 0, rank];
}

/** The same package is the same value, however it is found. */
export function openIndex(bytes: Uint8Array): PackageIndex {
  const { table: packages, rest } = openTable(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const { table: provides, rest: last } = openTable(rest);
  const { table: sources } = openTable(last);
  const known = new Map<number, IndexedPackage>();
  function at(number: number): IndexedPackage {
    const found = known.get(number) ?? unpackPackage(packages.line(number));
    known.set(number, found);
    return found;
  }
  function listed(table: SortedTable, word: string): readonly IndexedPackage[] {
    return table.find(word).flatMap((number) =>
      table
        .line(number)
        .slice(1)
        .map((text) => at(Number(text))),
    );
  }
  return {
    named: (name) => packages.find(name).map(at),
    providing: (name) => listed(provides, name),
    builtFrom: (source) => listed(sources, source),
  };
}

function unpackPackage(words: readonly string[]): IndexedPackage {
  const word = (index: number): string => words[index] ?? '';
  return {
    name: word(0),
    version: word(1),
    architecture: word(2),
    source: word(3),
    sourceVersion: word(4),
    filename: word(5),
    sha256: word(6),
    depends: word(7),
    preDepends: word(8),
    provides: word(9),
    conflicts: word(10),
    breaks: word(11),
    replaces: word(12),
    multiArch: word(13),
    priority: word(14),
    size: Number(word(15)),
    essential: word(16) === '1',
    important: word(17) === '1',
    rank: Number(word(18)),
  };
}
