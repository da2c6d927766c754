import { describe, expect, it } from 'vitest';
import { compareAnswers } from './compare-answers.ts';
import type { Answer, Fields } from './model.ts';
import { mergeAnswers, mergeTexts } from './vary.ts';
import { masked, matchesWildcards } from './wildcard.ts';

const answer = (fields: Fields): Answer => ({ name: 'GET /', probe: { http: '/' }, fields });

describe('answers that vary', () => {
  it.each([
    ['same', 'same', 'same'],
    ['at 10:41 id 7', 'at 11:02 id 7', 'at «*»:«*» id 7'],
    ['a\nid 1\nb', 'a\nid 2\nb', 'a\nid «*»\nb'],
    ['one line', 'two\nlines', '«*»'],
  ])('%j and %j are both %j', (one, other, merged) => {
    expect(mergeTexts(one, other)).toBe(merged);
    expect(matchesWildcards(one, merged) && matchesWildcards(other, merged)).toBe(true);
  });

  it('still tell a difference beside what varies', () => {
    const [recorded] = mergeAnswers([answer({ body: 'id 1, ok' })], [answer({ body: 'id 2, ok' })]);
    const check = (fields: Fields) => compareAnswers(recorded === undefined ? [] : [recorded], [answer(fields)]);
    expect(check({ body: 'id 99, ok' })).toEqual([]);
    expect(check({ body: 'id 99, broken' })).toEqual([
      { probe: 'GET /', field: 'body', expected: 'id «*», ok', actual: 'id 99, broken' },
    ]);
    expect(check({ failure: 'nobody listens' })).toEqual([
      { probe: 'GET /', field: 'failure', actual: 'nobody listens' },
    ]);
  });

  it('match only what has the fixed parts in order and once', () => {
    expect(matchesWildcards('ab', 'ab«*»b')).toBe(false);
    expect(matchesWildcards('abb', 'ab«*»b')).toBe(true);
    expect(masked('token=abc; x', ['token=\\w+'])).toBe('«*»; x');
  });
});
