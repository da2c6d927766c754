import { compareText } from '../../core/compare-text.ts';

/** Lines of words between tabs, sorted by the first word, in which a word is found without reading the others. */
export interface SortedTable {
  /** Numbers of the lines that begin with the word. */
  readonly find: (word: string) => readonly number[];
  readonly line: (number: number) => readonly string[];
}

/**
 * Lays lines out as their count, where each begins and the last ends, then the lines (numbers of 32 bits, little
 * endian). They must be sorted by their first word already.
 */
export function packTable(lines: readonly (readonly (string | number)[])[]): Buffer {
  const encoded = lines.map((words) => Buffer.from(words.join('\t')));
  const head = Buffer.alloc(4 * (lines.length + 2));
  head.writeUInt32LE(lines.length, 0);
  let end = 0;
  for (const [number, line] of encoded.entries()) {
    head.writeUInt32LE(end, 4 * (number + 1));
    end += line.length;
  }
  head.writeUInt32LE(end, 4 * (lines.length + 1));
  return Buffer.concat([head, ...encoded]);
}

/** Reads a table at the start of the bytes; `rest` is what follows it. */
export function openTable(bytes: Buffer): { readonly table: SortedTable; readonly rest: Buffer } {
  const count = bytes.readUInt32LE(0);
  const first = 4 * (count + 2);
  const start = (number: number): number => first + bytes.readUInt32LE(4 * (number + 1));
  const tab = 0x09;
  function wordOf(number: number): string {
    const line = bytes.subarray(start(number), start(number + 1));
    const end = line.indexOf(tab);
    return line.toString('utf8', 0, end < 0 ? line.length : end);
  }
  /** The first line whose word does not come before this one. */
  function lowest(word: string): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareText(wordOf(middle), word) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return {
    table: {
      find: (word) => {
        const numbers: number[] = [];
        for (let number = lowest(word); number < count && wordOf(number) === word; number++) numbers.push(number);
        return numbers;
      },
      line: (number) => bytes.toString('utf8', start(number), start(number + 1)).split('\t'),
    },
    rest: bytes.subarray(start(count)),
  };
}
