import { compareParsed } from './compare-parsed.ts';
import { compareNaturals, type Natural, parseNatural } from './natural.ts';
import type { VersionScheme } from './scheme.ts';

type Stage = 'dev' | 'alpha' | 'beta' | 'RC' | 'patch';

interface ComposerVersion {
  /** The normalised version, as PHP's version_compare splits it. */
  readonly tokens: readonly (Natural | Stage)[];
}

const stages: Readonly<Record<string, Stage | 'stable'>> = {
  stable: 'stable',
  a: 'alpha',
  alpha: 'alpha',
  b: 'beta',
  beta: 'beta',
  rc: 'RC',
  p: 'patch',
  pl: 'patch',
  patch: 'patch',
};

const modifier = String.raw`[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)(\d*(?:[.-]\d+)*))?([.-]?dev)?$`;
const classical = new RegExp(String.raw`^v?(\d{1,5}(?:\.\d+){0,3})${modifier}`);
const dated = new RegExp(String.raw`^v?(\d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3})?)${modifier}`);
const numericBranch = /^v?(\d+(?:\.(?:\d+|[x*])){0,3})[.-]?dev$/;

/** Named branches (`dev-main`) have no place in the order: Composer never compares them. */
const namedBranch = /^(?:dev-.*|master|trunk|default)$/s;
const releaseParts = 4;
const branchPart = 9_999_999;

function parse(version: string): ComposerVersion | undefined {
  const text = withoutBuild(version.trim().toLowerCase());
  if (namedBranch.test(text)) return undefined;
  const plain = classical.exec(text);
  if (plain !== null) return { tokens: modified(padded(numbers(plain[1] ?? ''), 0), plain) };
  const date = dated.exec(text);
  if (date !== null) return { tokens: modified(numbers(date[1] ?? ''), date) };
  const branch = numericBranch.exec(text)?.[1];
  return branch === undefined ? undefined : { tokens: [...padded(numbers(branch), branchPart), 'dev'] };
}

function withoutBuild(text: string): string {
  const plus = text.indexOf('+');
  const hasBuild =
    plus > 0 && plus < text.length - 1 && !/[\s,]/.test(text.slice(0, plus)) && !/\s/.test(text.slice(plus));
  return hasBuild ? text.slice(0, plus) : text;
}

/** Reads `1.2.x`, `2024-01:02` and the like; a wildcard is greater than any number in use. */
function numbers(text: string): Natural[] {
  return text.split(/[.:-]/).map((part) => (part === 'x' || part === '*' ? branchPart : parseNatural(part)));
}

function padded(parts: readonly Natural[], filler: number): Natural[] {
  return [...parts, ...Array<number>(releaseParts - parts.length).fill(filler)];
}

function modified(release: readonly Natural[], match: RegExpExecArray): readonly (Natural | Stage)[] {
  const [, , word, stageNumbers = '', dev] = match;
  const stage = word === undefined ? undefined : stages[word];
  if (stage === 'stable') return release;
  const stageTokens = stage === undefined ? [] : [stage, ...(stageNumbers === '' ? [] : stageParts(stageNumbers))];
  return [...release, ...stageTokens, ...(dev === undefined ? [] : ['dev' as const])];
}

function stageParts(text: string): Natural[] {
  return text.replace(/^[.-]/, '').split(/[.-]/).map(parseNatural);
}

function order(a: ComposerVersion, b: ComposerVersion): number {
  const length = Math.max(a.tokens.length, b.tokens.length);
  for (let index = 0; index < length; index++) {
    const difference = compareTokens(a.tokens[index], b.tokens[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareTokens(a: Natural | Stage | undefined, b: Natural | Stage | undefined): number {
  if (isNatural(a) && isNatural(b)) return compareNaturals(a, b);
  return rankOf(a) - rankOf(b);
}

function isNatural(token: Natural | Stage | undefined): token is Natural {
  return token !== undefined && typeof token !== 'string';
}

/** The order of php.net/version_compare; undefined is the end of a version. */
function rankOf(token: Natural | Stage | undefined): number {
  switch (token) {
    case 'dev':
      return 0;
    case 'alpha':
      return 1;
    case 'beta':
      return 2;
    case 'RC':
      return 3;
    case undefined:
      return 4;
    case 'patch':
      return 6;
    default:
      return 5;
  }
}

function isValid(version: string): boolean {
  return namedBranch.test(version.trim().toLowerCase()) || parse(version) !== undefined;
}

/** Packagist's order: Composer's normalisation, then PHP's version_compare. */
export const composerScheme: VersionScheme = {
  id: 'composer',
  displayName: 'Composer',
  specification: 'https://getcomposer.org/doc/articles/versions.md',
  isValid,
  compare: compareParsed(parse, order),
};
