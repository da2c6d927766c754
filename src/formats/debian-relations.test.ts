import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRelation, parseRelations } from './debian-relations.ts';

describe('parseRelations', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['a', [['a']]],
    ['a, b | c', [['a'], ['b', 'c']]],
    ['a (>= 1:2~rc1-3), b:any (<< 2)', [['a (>= 1:2~rc1-3)'], ['b:any (<< 2)']]],
    ['a(=1),b (> 1) | c (< 2)', [['a (= 1)'], ['b (>= 1)', 'c (<= 2)']]],
    ['a [amd64] <!nocheck>, b:native (>> 2) [i386]', [['a'], ['b:native (>> 2)']]],
    ['a,\n b\n |\n c', [['a'], ['b', 'c']]],
    [',, a | , | b,(>= 1)', [['a'], ['b']]],
    ['a (>= ), b (~ 1), c (>= 1', [['a'], ['b'], ['c']]],
  ])('reads %j', (field, expected) => {
    expect(parseRelations(field).map((alternatives) => alternatives.map(formatRelation))).toEqual(expected);
  });

  it('reads what it writes, and takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseRelations(text);
        const written = read.map((alternatives) => alternatives.map(formatRelation).join(' | ')).join(', ');
        expect(parseRelations(written)).toEqual(read);
      }),
      { numRuns: 2_000 },
    );
  });
});
