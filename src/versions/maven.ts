import { compareText } from '../core/compare-text.ts';
import { isDigit } from './characters.ts';
import { compareParsed } from './compare-parsed.ts';
import { compareNaturals, type Natural, parseNatural } from './natural.ts';
import type { VersionScheme } from './scheme.ts';

interface Token {
  readonly separator: '.' | '-';
  readonly value: Natural | string;
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['ga', ''],
  ['final', ''],
  ['release', ''],
  ['cr', 'rc'],
]);
const abbreviations: ReadonlyMap<string, string> = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);
/** The known qualifiers in their order; all others come after them, as text. */
const qualifiers: readonly string[] = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];

/** Every string has a place: tokens end at dots, at hyphens and between digits and other characters. */
function parse(version: string): readonly Token[] {
  return trimmed(split(version.toLowerCase()));
}

function split(text: string): Token[] {
  const tokens: Token[] = [];
  let separator: Token['separator'] = '.';
  let start = 0;
  for (;;) {
    const end = runEnd(text, start);
    tokens.push({ separator, value: readValue(text.slice(start, end), isDigit(text.charCodeAt(end))) });
    if (end === text.length) return tokens;
    const code = text.charCodeAt(end);
    const isSeparator = code === 0x2e || code === 0x2d;
    separator = code === 0x2e ? '.' : '-';
    start = isSeparator ? end + 1 : end;
  }
}

function runEnd(text: string, start: number): number {
  const digits = isDigit(text.charCodeAt(start));
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === 0x2e || code === 0x2d || isDigit(code) !== digits) break;
    end++;
  }
  return end;
}

function readValue(text: string, digitFollows: boolean): Natural | string {
  if (text === '') return 0;
  if (isDigit(text.charCodeAt(0))) return parseNatural(text);
  const word = digitFollows ? (abbreviations.get(text) ?? text) : text;
  return aliases.get(word) ?? word;
}

/** Drops null values (0 and the empty qualifier) at the end and before each hyphen; `.qualifier` counts as `-qualifier`. */
function trimmed(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (token.separator === '-' || typeof token.value === 'string') dropNulls(kept);
    kept.push(token);
  }
  dropNulls(kept);
  return kept;
}

function dropNulls(tokens: Token[]): void {
  while (tokens.length > 0 && isNull(tokens[tokens.length - 1])) tokens.pop();
}

function isNull(token: Token | undefined): boolean {
  return token?.value === 0 || token?.value === '';
}

function order(a: readonly Token[], b: readonly Token[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = comparePadded(a[index], b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function comparePadded(a: Token | undefined, b: Token | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareToNull(b);
  return b === undefined ? compareToNull(a) : compareTokens(a, b);
}

/** A missing token is 0 against a number, and the empty qualifier against a qualifier. */
function compareToNull(token: Token): number {
  return typeof token.value === 'string' ? compareQualifiers(token.value, '') : compareNaturals(token.value, 0);
}

function compareTokens(a: Token, b: Token): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a.value === 'string') return typeof b.value === 'string' ? compareQualifiers(a.value, b.value) : -1;
  return typeof b.value === 'string' ? 1 : compareNaturals(a.value, b.value);
}

/** Qualifiers come before `-number`, and that before `.number`. */
function rankOf(token: Token): number {
  if (typeof token.value === 'string') return 0;
  return token.separator === '-' ? 1 : 2;
}

function compareQualifiers(a: string, b: string): number {
  return qualifierRank(a) - qualifierRank(b) || compareText(a, b);
}

function qualifierRank(qualifier: string): number {
  const index = qualifiers.indexOf(qualifier);
  return index < 0 ? qualifiers.length : index;
}

/** What Maven's model validator lets pass, without the characters of ranges. */
const validVersion = /^[^\s\\/:"<>|?*()[\]{},]+$/;

/** Maven's order, as its specification has it. */
export const mavenScheme: VersionScheme = {
  id: 'maven',
  displayName: 'Maven',
  specification: 'https://maven.apache.org/pom.html#version-order-specification',
  isValid: (version) => validVersion.test(version),
  compare: compareParsed(parse, order),
};
