import { compareText } from '../core/compare-text.ts';
import { isDigit, isLetter } from './characters.ts';
import { compareParsed } from './compare-parsed.ts';
import { compareNaturals, type Natural, parseNatural } from './natural.ts';
import type { VersionScheme } from './scheme.ts';

type Segment = Natural | string;

interface GemVersion {
  /** Runs of digits and of letters, without the zeros that end the numbers before the first word, and the whole. */
  readonly segments: readonly Segment[];
}

const wellFormed = /^(?:\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?$/;

function isValid(version: string): boolean {
  return wellFormed.test(version.trim());
}

/** An empty version is 0; a hyphen stands for `.pre.`. */
function parse(version: string): GemVersion | undefined {
  if (!isValid(version)) return undefined;
  return { segments: canonicalSegments(splitSegments(version.replaceAll('-', '.pre.'))) };
}

function splitSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  while (position < text.length) {
    const start = position;
    const inRun = runTest(text.charCodeAt(start));
    position++;
    if (inRun === undefined) continue;
    while (inRun(text.charCodeAt(position))) position++;
    const run = text.slice(start, position);
    segments.push(inRun === isDigit ? parseNatural(run) : run);
  }
  return segments;
}

function runTest(code: number): ((code: number) => boolean) | undefined {
  if (isDigit(code)) return isDigit;
  return isLetter(code) ? isLetter : undefined;
}

function canonicalSegments(segments: readonly Segment[]): Segment[] {
  const found = segments.findIndex((segment) => typeof segment === 'string');
  const firstWord = found < 0 ? segments.length : found;
  return [...withoutTrailingZeros(segments.slice(0, firstWord)), ...withoutTrailingZeros(segments.slice(firstWord))];
}

function withoutTrailingZeros(segments: readonly Segment[]): readonly Segment[] {
  let end = segments.length;
  while (end > 0 && segments[end - 1] === 0) end--;
  return segments.slice(0, end);
}

function order(a: GemVersion, b: GemVersion): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = compareSegments(a.segments[index] ?? 0, b.segments[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Words, which mark pre-releases, sort before numbers. */
function compareSegments(a: Segment, b: Segment): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : -1;
  return typeof b === 'string' ? 1 : compareNaturals(a, b);
}

/** RubyGems' order, as Gem::Version has it. */
export const gemScheme: VersionScheme = {
  id: 'gem',
  displayName: 'RubyGems',
  specification: 'https://docs.ruby-lang.org/en/master/Gem/Version.html',
  isValid,
  compare: compareParsed(parse, order),
};
