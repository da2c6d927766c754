import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText } from '../../core/compare-text.ts';
import { openTable, packTable } from './sorted-table.ts';

describe('a sorted table', () => {
  it('finds every line by its first word, and no other', () => {
    const words = fc.string({ unit: 'binary', maxLength: 4 }).map((text) => text.replace(/[\t\ud800-\udfff]/g, ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words)), words, (unsorted, other) => {
        const lines = unsorted.toSorted(([a], [b]) => compareText(a, b));
        const { table, rest } = openTable(Buffer.concat([packTable(lines), Buffer.from('rest')]));
        expect(rest.toString()).toBe('rest');
        expect(lines.map((_, number) => table.line(number))).toEqual(lines);
        for (const word of [other, ...lines.map(([first]) => first)]) {
          const expected = lines.flatMap(([first], number) => (first === word ? [number] : []));
          expect(table.find(word)).toEqual(expected);
        }
      }),
      { numRuns: 500 },
    );
  });
});
