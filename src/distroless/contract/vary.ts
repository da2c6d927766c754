import type { Answer, Fields } from './model.ts';
import { matchesWildcards, wildcard } from './wildcard.ts';

/**
 * The answers of an image that was asked twice, with a wildcard wherever it answered differently: a time, an id, a
 * counter. Texts of as many lines are compared line by line and word by word; a field that one run alone has is no
 * part of the answer.
 */
export function mergeAnswers(first: readonly Answer[], second: readonly Answer[]): readonly Answer[] {
  const others = new Map(second.map((answer) => [answer.name, answer.fields]));
  return first.flatMap((answer) => {
    const other = others.get(answer.name);
    return other === undefined ? [] : [{ ...answer, fields: mergeFields(answer.fields, other) }];
  });
}

function mergeFields(first: Fields, second: Fields): Fields {
  return Object.fromEntries(
    Object.entries(first).flatMap(([field, text]) => {
      const other = second[field];
      return other === undefined ? [] : [[field, mergeTexts(text, other)]];
    }),
  );
}

/** A text that both are instances of. */
export function mergeTexts(one: string, other: string): string {
  if (one === other) return one;
  const lines = one.split('\n');
  const others = other.split('\n');
  if (lines.length !== others.length) return wildcard;
  return lines.map((line, index) => mergeLines(line, others[index] ?? '')).join('\n');
}

function mergeLines(one: string, other: string): string {
  if (one === other) return one;
  const words = wordsOf(one);
  const others = wordsOf(other);
  if (words.length !== others.length) return wildcard;
  const merged = words.map((word, index) => (word === others[index] ? word : wildcard)).join('');
  // Neighbours that both vary are one.
  const simple = merged.replaceAll(`${wildcard}${wildcard}`, wildcard);
  return matchesWildcards(one, simple) && matchesWildcards(other, simple) ? simple : wildcard;
}

function wordsOf(line: string): readonly string[] {
  return line.match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gu) ?? [];
}
