import { compareText } from '../core/compare-text.ts';
import { isDigit, skipDigits } from './characters.ts';
import { compareDigits } from './compare-digits.ts';
import type { VersionScheme } from './scheme.ts';

/**
 * What may stand at a place of `digits{.digits}{letter}{_suffix{digits}}{~hash}{-r digits}`, in that order. Where two
 * versions go on differently after an equal beginning, the one whose token comes first here is the greater one.
 */
const initialDigits = 0;
const digits = 1;
const letter = 2;
const suffix = 3;
const suffixNumber = 4;
const commitHash = 5;
const revision = 6;
const end = 7;
const invalid = 8;

/** Those before `plainSuffix` mark what comes before a release, the others what comes after it. */
const suffixRanks: ReadonlyMap<string, number> = new Map([
  ['alpha', 1],
  ['beta', 2],
  ['pre', 3],
  ['rc', 4],
  ['cvs', 6],
  ['svn', 7],
  ['git', 8],
  ['hg', 9],
  ['p', 10],
]);
const plainSuffix = 5;

/** A place in a version, with the token that was read last. */
interface Cursor {
  readonly text: string;
  token: number;
  start: number;
  end: number;
  /** Of the last suffix. */
  suffixRank: number;
}

function firstToken(text: string): Cursor {
  const cursor = { text, token: initialDigits, start: 0, end: 0, suffixRank: 0 };
  readDigits(cursor, 0, initialDigits);
  return cursor;
}

function nextToken(cursor: Cursor): void {
  const position = cursor.end;
  if (position === cursor.text.length) {
    take(cursor, position, position, end);
    return;
  }
  const previous = cursor.token;
  const code = cursor.text.charCodeAt(position);
  if (code === 0x2e && previous <= digits) readDigits(cursor, position + 1, digits);
  else if (isLowerCase(code) && previous <= digits) take(cursor, position, position + 1, letter);
  else if (isDigit(code) && previous === suffix) readDigits(cursor, position, suffixNumber);
  else if (code === 0x5f && previous <= suffixNumber) readSuffix(cursor, position + 1);
  else if (code === 0x7e && previous < commitHash) readHash(cursor, position + 1);
  else if (cursor.text.startsWith('-r', position) && previous < revision) readDigits(cursor, position + 2, revision);
  else take(cursor, position, position, invalid);
}

function take(cursor: Cursor, from: number, to: number, token: number): void {
  cursor.token = token;
  cursor.start = from;
  cursor.end = to;
}

function readDigits(cursor: Cursor, from: number, token: number): void {
  const to = skipDigits(cursor.text, from);
  take(cursor, from, to, to === from ? invalid : token);
}

function readSuffix(cursor: Cursor, from: number): void {
  let to = from;
  while (isLowerCase(cursor.text.charCodeAt(to))) to++;
  const rank = suffixRanks.get(cursor.text.slice(from, to));
  take(cursor, from, to, rank === undefined ? invalid : suffix);
  cursor.suffixRank = rank ?? 0;
}

function readHash(cursor: Cursor, from: number): void {
  let to = from;
  while (isHexDigit(cursor.text.charCodeAt(to))) to++;
  take(cursor, from, to, to === from ? invalid : commitHash);
}

function isLowerCase(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const left = firstToken(a);
  const right = firstToken(b);
  while (left.token === right.token && left.token < end) {
    const difference = compareTokens(left, right);
    if (difference !== 0) return difference;
    nextToken(left);
    nextToken(right);
  }
  if (left.token === right.token) return left.token === invalid ? compareText(a, b) : 0;
  return compareEndings(left, right);
}

function compareTokens(a: Cursor, b: Cursor): number {
  switch (a.token) {
    case initialDigits:
    case suffixNumber:
    case revision:
      return compareDigits(a.text, a.start, a.end, b.text, b.start, b.end);
    case digits:
      return hasLeadingZero(a) || hasLeadingZero(b)
        ? compareValues(a, b)
        : compareDigits(a.text, a.start, a.end, b.text, b.start, b.end);
    case suffix:
      return a.suffixRank - b.suffixRank;
    default:
      return compareValues(a, b);
  }
}

/** Such a part is compared as text, as if it were a decimal fraction: `1.03` before `1.1`. */
function hasLeadingZero(cursor: Cursor): boolean {
  return cursor.text.charCodeAt(cursor.start) === 0x30;
}

function compareValues(a: Cursor, b: Cursor): number {
  return compareText(a.text.slice(a.start, a.end), b.text.slice(b.start, b.end));
}

function compareEndings(a: Cursor, b: Cursor): number {
  if (isPreRelease(a)) return -1;
  if (isPreRelease(b)) return 1;
  return b.token - a.token;
}

function isPreRelease(cursor: Cursor): boolean {
  return cursor.token === suffix && cursor.suffixRank < plainSuffix;
}

function isValid(version: string): boolean {
  const cursor = firstToken(version);
  while (cursor.token < end) nextToken(cursor);
  return cursor.token === end;
}

/**
 * Alpine's version order. As in apk-tools 3, a version that stops being one is compared by what came before, and
 * comes before its valid beginning.
 */
export const apkScheme: VersionScheme = {
  id: 'apk',
  displayName: 'Alpine',
  specification: 'https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd',
  isValid,
  compare,
};
