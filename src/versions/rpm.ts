import { isDigit, isLetter, skipDigits } from './characters.ts';
import { compareDigits } from './compare-digits.ts';
import type { VersionScheme } from './scheme.ts';

/** Where the parts of `[epoch:]version[-release]` lie in the text. */
interface RpmVersion {
  readonly text: string;
  /** The end of the epoch's digits, which start the text; 0 where there is none, which is epoch 0. */
  readonly epochEnd: number;
  readonly versionStart: number;
  readonly versionEnd: number;
  /** Undefined without a release, which sorts below every release. */
  readonly releaseStart: number | undefined;
}

/** Every string has a place in rpm's order. */
function parse(text: string): RpmVersion {
  const digits = skipDigits(text, 0);
  const hasEpoch = text.charCodeAt(digits) === 0x3a;
  const versionStart = hasEpoch ? digits + 1 : 0;
  const hyphen = text.lastIndexOf('-');
  const hasRelease = hyphen >= versionStart;
  return {
    text,
    epochEnd: hasEpoch ? digits : 0,
    versionStart,
    versionEnd: hasRelease ? hyphen : text.length,
    releaseStart: hasRelease ? hyphen + 1 : undefined,
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const left = parse(a);
  const right = parse(b);
  return (
    compareDigits(a, 0, left.epochEnd, b, 0, right.epochEnd) ||
    comparePart(a, left.versionStart, left.versionEnd, b, right.versionStart, right.versionEnd) ||
    compareReleases(left, right)
  );
}

function compareReleases(a: RpmVersion, b: RpmVersion): number {
  if (a.releaseStart === undefined || b.releaseStart === undefined) {
    return Number(a.releaseStart !== undefined) - Number(b.releaseStart !== undefined);
  }
  return comparePart(a.text, a.releaseStart, a.text.length, b.text, b.releaseStart, b.text.length);
}

/**
 * Compares segment by segment; separators only end segments. At each place `~` sorts before the end, the end before
 * `^`, that before letters, and these before digits.
 */
function comparePart(a: string, aStart: number, aEnd: number, b: string, bStart: number, bEnd: number): number {
  let left = aStart;
  let right = bStart;
  for (;;) {
    left = skipSeparators(a, left, aEnd);
    right = skipSeparators(b, right, bEnd);
    const rank = rankAt(a, left, aEnd);
    const difference = rank - rankAt(b, right, bEnd);
    if (difference !== 0) return difference;
    if (rank === endRank) return 0;
    const leftEnd = segmentEnd(a, left, aEnd, rank);
    const rightEnd = segmentEnd(b, right, bEnd, rank);
    const segment =
      rank === digitRank
        ? compareDigits(a, left, leftEnd, b, right, rightEnd)
        : compareCharacters(a, left, leftEnd, b, right, rightEnd);
    if (segment !== 0) return segment;
    left = leftEnd;
    right = rightEnd;
  }
}

const tilde = 0x7e;
const caret = 0x5e;
const tildeRank = -1;
const endRank = 0;
const caretRank = 1;
const letterRank = 2;
const digitRank = 3;

function rankAt(text: string, position: number, end: number): number {
  if (position >= end) return endRank;
  const code = text.charCodeAt(position);
  if (isDigit(code)) return digitRank;
  if (isLetter(code)) return letterRank;
  return code === tilde ? tildeRank : caretRank;
}

function skipSeparators(text: string, start: number, end: number): number {
  let position = start;
  while (position < end && isSeparator(text.charCodeAt(position))) position++;
  return position;
}

function isSeparator(code: number): boolean {
  return !isDigit(code) && !isLetter(code) && code !== tilde && code !== caret;
}

function segmentEnd(text: string, start: number, end: number, rank: number): number {
  let position = start + 1;
  if (rank !== digitRank && rank !== letterRank) return position;
  while (position < end && rankAt(text, position, end) === rank) position++;
  return position;
}

function compareCharacters(a: string, aStart: number, aEnd: number, b: string, bStart: number, bEnd: number): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let offset = 0; offset < length; offset++) {
    const difference = a.charCodeAt(aStart + offset) - b.charCodeAt(bStart + offset);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

const validVersion = /^(?:\d+:)?[A-Za-z0-9._+~^]+(?:-[A-Za-z0-9._+~^]+)?$/;

/** rpm's `[epoch:]version[-release]`, with `~` and `^`. */
export const rpmScheme: VersionScheme = {
  id: 'rpm',
  displayName: 'RPM',
  specification: 'https://rpm-software-management.github.io/rpm/man/rpm-version.7',
  isValid: (version) => validVersion.test(version),
  compare,
};
