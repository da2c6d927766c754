import { compareText } from '../core/compare-text.ts';
import { isDigit, isLetter, skipDigits } from './characters.ts';
import { compareParsed } from './compare-parsed.ts';
import { compareNaturals, type Natural, parseNatural } from './natural.ts';
import type { VersionScheme } from './scheme.ts';

/** A version of SemVer's shape, without its build metadata, which has no part in the order. */
export interface SemanticVersion {
  /** Without trailing zeros, so that `1.2` equals `1.2.0`. */
  readonly release: readonly Natural[];
  /** Empty for a release. A numeric identifier is a natural number, any other is its text. */
  readonly preRelease: readonly (Natural | string)[];
}

/**
 * Reads strict and loose versions: a leading `v` or `=`, any number of parts, leading zeros, and a pre-release that
 * follows the last number without a hyphen (`1.2.3beta`) are accepted, as advisories have them.
 */
export function parseSemanticVersion(version: string): SemanticVersion | undefined {
  const text = withoutBuild(version.trim());
  const release: Natural[] = [];
  let position = skipPrefix(text);
  for (;;) {
    const end = skipDigits(text, position);
    if (end === position) return undefined;
    release.push(parseNatural(text.slice(position, end)));
    position = end;
    if (text.charCodeAt(position) !== 0x2e) break;
    position++;
  }
  while (release.length > 0 && release[release.length - 1] === 0) release.pop();
  if (position === text.length) return { release, preRelease: [] };
  const hyphen = text.charCodeAt(position) === 0x2d;
  if (!hyphen && !isLetter(text.charCodeAt(position))) return undefined;
  return { release, preRelease: parseIdentifiers(text.slice(hyphen ? position + 1 : position)) };
}

function withoutBuild(text: string): string {
  const plus = text.indexOf('+');
  return plus < 0 ? text : text.slice(0, plus);
}

function skipPrefix(text: string): number {
  let position = 0;
  if (text.charCodeAt(position) === 0x3d) position++;
  return (text.charCodeAt(position) | 0x20) === 0x76 ? position + 1 : position;
}

function parseIdentifiers(text: string): (Natural | string)[] {
  return text.split('.').map((identifier) => (isNumeric(identifier) ? parseNatural(identifier) : identifier));
}

function isNumeric(identifier: string): boolean {
  return isDigit(identifier.charCodeAt(0)) && skipDigits(identifier, 0) === identifier.length;
}

/** SemVer 2.0.0, section 11, over any number of parts. */
export function compareSemanticVersions(a: SemanticVersion, b: SemanticVersion): number {
  return compareReleases(a.release, b.release) || comparePreReleases(a.preRelease, b.preRelease);
}

function compareReleases(a: readonly Natural[], b: readonly Natural[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compareNaturals(a[index] ?? 0, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePreReleases(a: readonly (Natural | string)[], b: readonly (Natural | string)[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [index, identifier] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: Natural | string, b: Natural | string): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : 1;
  return typeof b === 'string' ? -1 : compareNaturals(a, b);
}

const core = String.raw`(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}`;
const preRelease = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const build = '[0-9A-Za-z-]+';
const strictVersion = new RegExp(
  String.raw`^${core}(?:-${preRelease}(?:\.${preRelease})*)?(?:\+${build}(?:\.${build})*)?$`,
);

/** SemVer 2.0.0 (npm, crates.io and others), and a sensible order for loose versions. */
export const semverScheme: VersionScheme = {
  id: 'semver',
  displayName: 'Semantic Versioning',
  specification: 'https://semver.org/spec/v2.0.0.html',
  isValid: (version) => strictVersion.test(version),
  compare: compareParsed(parseSemanticVersion, compareSemanticVersions),
};
