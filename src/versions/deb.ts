import { isDigit, isLetter } from './characters.ts';
import { compareDigits, digitsEnd } from './compare-digits.ts';
import { compareParsed } from './compare-parsed.ts';
import type { VersionScheme } from './scheme.ts';

/** Where the parts of `[epoch:]upstream[-revision]` lie in the text. */
interface DebianVersion {
  readonly text: string;
  readonly epoch: number;
  readonly upstreamStart: number;
  readonly upstreamEnd: number;
  readonly revisionStart: number;
  readonly end: number;
}

const largestEpoch = 0x7fff_ffff;

/**
 * Splits at the first colon and the last hyphen. Undefined where dpkg refuses to compare: empty, with spaces inside,
 * an epoch that is no number, an empty upstream version or revision. What dpkg only warns of is accepted.
 */
function parse(text: string): DebianVersion | undefined {
  const start = skipBlanks(text, 0);
  const end = skipBack(text, start);
  if (hasBlank(text, start, end)) return undefined;
  const colon = text.indexOf(':', start);
  const epoch = colon < 0 ? 0 : parseEpoch(text, start, colon);
  const upstreamStart = colon < 0 ? start : colon + 1;
  const hyphen = text.lastIndexOf('-', end - 1);
  const hasRevision = hyphen >= upstreamStart;
  const upstreamEnd = hasRevision ? hyphen : end;
  const revisionStart = hasRevision ? hyphen + 1 : end;
  if (epoch === undefined || upstreamEnd <= upstreamStart || (hasRevision && revisionStart === end)) return undefined;
  return { text, epoch, upstreamStart, upstreamEnd, revisionStart, end };
}

function parseEpoch(text: string, start: number, colon: number): number | undefined {
  if (colon === start || digitsEnd(text, start, colon) !== colon) return undefined;
  const epoch = Number(text.slice(start, colon));
  return epoch <= largestEpoch ? epoch : undefined;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function skipBlanks(text: string, start: number): number {
  let position = start;
  while (isBlank(text.charCodeAt(position))) position++;
  return position;
}

function skipBack(text: string, start: number): number {
  let position = text.length;
  while (position > start && isBlank(text.charCodeAt(position - 1))) position--;
  return position;
}

function hasBlank(text: string, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    if (isBlank(text.charCodeAt(position))) return true;
  }
  return false;
}

function order(a: DebianVersion, b: DebianVersion): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  const upstream = comparePart(a.text, a.upstreamStart, a.upstreamEnd, b.text, b.upstreamStart, b.upstreamEnd);
  if (upstream !== 0) return upstream;
  return comparePart(a.text, a.revisionStart, a.end, b.text, b.revisionStart, b.end);
}

/** Alternates between runs without digits, compared by weight, and runs of digits, compared as numbers. */
function comparePart(a: string, aStart: number, aEnd: number, b: string, bStart: number, bEnd: number): number {
  let left = aStart;
  let right = bStart;
  while (left < aEnd || right < bEnd) {
    let leftWeight = weightAt(a, left, aEnd);
    let rightWeight = weightAt(b, right, bEnd);
    while (leftWeight !== 0 || rightWeight !== 0) {
      if (leftWeight !== rightWeight) return leftWeight - rightWeight;
      leftWeight = weightAt(a, ++left, aEnd);
      rightWeight = weightAt(b, ++right, bEnd);
    }
    const leftEnd = digitsEnd(a, left, aEnd);
    const rightEnd = digitsEnd(b, right, bEnd);
    const digits = compareDigits(a, left, leftEnd, b, right, rightEnd);
    if (digits !== 0) return digits;
    left = leftEnd;
    right = rightEnd;
  }
  return 0;
}

/** `~` before the end and before digits, these before letters, letters before everything else. */
function weightAt(text: string, position: number, end: number): number {
  if (position >= end) return 0;
  const code = text.charCodeAt(position);
  if (isDigit(code)) return 0;
  if (isLetter(code)) return code;
  return code === 0x7e ? -1 : code + 0x100;
}

const validUpstream = /^\d[A-Za-z0-9.+~:-]*$/;
const validRevision = /^[A-Za-z0-9.+~]*$/;

function isValid(version: string): boolean {
  const parsed = parse(version);
  if (parsed === undefined) return false;
  const { upstreamStart, upstreamEnd, revisionStart, end } = parsed;
  return (
    validUpstream.test(version.slice(upstreamStart, upstreamEnd)) &&
    validRevision.test(version.slice(revisionStart, end))
  );
}

/** Debian's version order, as dpkg has it. */
export const debScheme: VersionScheme = {
  id: 'deb',
  displayName: 'Debian',
  specification: 'https://manpages.debian.org/stable/dpkg-dev/deb-version.7.en.html',
  isValid,
  compare: compareParsed(parse, order),
};
