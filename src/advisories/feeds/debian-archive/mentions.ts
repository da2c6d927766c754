import { type CveGroup, findCves } from './cve-ids.ts';
import { negatingHeadings, ownChange } from './headings.ts';
import { negatedPhrases } from './negated-phrases.ts';
import { passingPhrases } from './passing-phrases.ts';
import { file, mention, type Phrase } from './phrases.ts';
import { referringPhrases } from './referring-phrases.ts';
import { type Statement, statementsOf } from './statements.ts';

/** Why a mention of a CVE in a changelog says nothing about a fix in that entry. */
type OtherMention = 'negated' | 'refers' | 'aside';

const phrases: readonly (readonly [OtherMention, readonly Phrase[]])[] = [
  ['negated', negatedPhrases],
  ['refers', referringPhrases],
  ['aside', passingPhrases],
];

/** A place where a changelog entry names a CVE. */
export interface Mention {
  readonly id: string;
  /** What it says about a fix in that entry. */
  readonly kind: 'fixes' | OtherMention;
  /** The statement that it stands in, or what is around it in a long one. */
  readonly line: string;
}

/** What matters stands near: bounds the work on hostile text. */
const reach = 400;
const neighbours = 40;

/** Every mention of a CVE in the lines of one changelog entry, in order. */
export function mentionsOf(lines: readonly string[]): readonly Mention[] {
  if (!lines.some((line) => /cve/i.test(line))) return [];
  return statementsOf(lines).flatMap(mentionsInStatement);
}

function mentionsInStatement(statement: Statement): readonly Mention[] {
  const text = withoutDistractions(statement.text);
  const groups = findCves(text);
  if (groups.length === 0) return [];
  const underNegation = isUnderNegation(statement, text);
  return groups.flatMap((group, index) => {
    const kind = underNegation ? 'negated' : kindOf(text, groups, index);
    return group.ids.map((id) => ({ id, kind, line: excerpt(statement.text, text, group) }));
  });
}

/**
 * Bug numbers and addresses that name no CVE stand between words that belong together. Long runs of spaces mean no more
 * than one, and would cost the patterns their square.
 */
function withoutDistractions(text: string): string {
  return text
    .replaceAll(/\s{2,}/g, ' ')
    .replaceAll(/[\uE000\uE001]/g, '')
    .replaceAll('’', "'")
    .replaceAll(/\s*[([]?\b(?:closes|bugs?|lp):?\s*(?:bug)?#?\s?\d+(?:,?\s*(?:bug)?#?\d{4,8})*[\])]?/gi, '')
    .replaceAll(/\bhttps?:\/\/(?:(?!cve-?\d)\S){1,300}(?=\s|$)/gi, '');
}

function excerpt(statement: string, text: string, { start }: CveGroup): string {
  if (statement.length <= reach) return statement;
  const from = Math.max(0, start - reach / 2);
  const part = text.slice(from, from + reach).trim();
  return `${from > 0 ? '…' : ''}${part}${from + reach < text.length ? '…' : ''}`;
}

function isUnderNegation({ headings }: Statement, text: string): boolean {
  return !ownChange.test(text) && headings.some((heading) => negatingHeadings.some((one) => one.test(heading.trim())));
}

function kindOf(text: string, groups: readonly CveGroup[], index: number): Mention['kind'] {
  const group = groups[index];
  if (group === undefined) return 'fixes';
  const from = Math.max(0, group.start - 4 * reach);
  const earlier = groups.slice(Math.max(0, index - neighbours), index).filter(({ start }) => start >= from);
  const later = groups.slice(index + 1, index + 1 + neighbours);
  const before = masked(text, earlier, from, group.start).slice(-reach);
  const rest = masked(text, later, group.end, Math.min(text.length, group.end + 4 * reach)).slice(0, reach);
  const sentenceBefore = before.slice(lastBoundary(before));
  const after = rest.slice(0, firstBoundary(rest));
  const name = group.file ? group.text : '';
  const holds = (one: Phrase): boolean =>
    (one.before?.test(sentenceBefore) ?? true) &&
    (one.after?.test(after) ?? true) &&
    (one.rest?.test(rest) ?? true) &&
    (one.name?.test(name) ?? true);
  return phrases.find(([, list]) => list.some(holds))?.[0] ?? 'fixes';
}

/** The text from `start` to `end` with each group in it replaced by its sign. */
function masked(text: string, groups: readonly CveGroup[], start: number, end: number): string {
  let result = '';
  let at = start;
  for (const group of groups) {
    result += text.slice(at, group.start) + (group.file ? file : mention);
    at = group.end;
  }
  return result + text.slice(at, end);
}

const boundary = /[.!?]["')]?\s+(?=[A-Z[("“'])/g;

function lastBoundary(text: string): number {
  let last = 0;
  for (const match of text.matchAll(boundary)) last = match.index + match[0].length;
  return last;
}

function firstBoundary(text: string): number {
  return text.search(boundary) + 1 || text.length;
}
