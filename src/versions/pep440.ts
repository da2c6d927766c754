import { compareText } from '../core/compare-text.ts';
import { isDigit, skipDigits } from './characters.ts';
import { compareParsed } from './compare-parsed.ts';
import { compareNaturals, type Natural, parseNatural } from './natural.ts';
import type { VersionScheme } from './scheme.ts';

interface PythonVersion {
  readonly epoch: Natural;
  /** Without trailing zeros, so that `1.0` equals `1.0.0`. */
  readonly release: readonly Natural[];
  readonly preRelease: PreRelease | undefined;
  readonly post: Natural | undefined;
  readonly dev: Natural | undefined;
  /** Undefined without a local part, which sorts below every one. */
  readonly local: readonly (Natural | string)[] | undefined;
}

interface PreRelease {
  /** 0 alpha, 1 beta, 2 release candidate. */
  readonly stage: number;
  readonly number: Natural;
}

const stages: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};

/** PEP 440, "Appendix B", as a form in which no text can match in many ways. */
const grammar = new RegExp(
  [
    String.raw`^v?(?:(\d+)!)?(\d+(?:\.\d+)*)`,
    String.raw`(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?`,
    String.raw`(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?`,
    String.raw`(?:[-_.]?(dev)[-_.]?(\d*))?`,
    String.raw`(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`,
  ].join(''),
);

function parse(version: string): PythonVersion | undefined {
  const match = grammar.exec(version.trim().toLowerCase());
  if (match === null) return undefined;
  const [
    ,
    epoch = '',
    release = '',
    stage,
    stageNumber = '',
    hyphenPost,
    post,
    postNumber = '',
    dev,
    devNumber = '',
    local,
  ] = match;
  return {
    epoch: parseNatural(epoch),
    release: parseRelease(release),
    preRelease: stage === undefined ? undefined : { stage: stages[stage] ?? 0, number: parseNatural(stageNumber) },
    post: hyphenPost === undefined && post === undefined ? undefined : parseNatural(hyphenPost ?? postNumber),
    dev: dev === undefined ? undefined : parseNatural(devNumber),
    local: local === undefined ? undefined : local.split(/[-_.]/).map(parseLocalSegment),
  };
}

function parseRelease(text: string): readonly Natural[] {
  const parts = text.split('.').map(parseNatural);
  while (parts.length > 0 && parts[parts.length - 1] === 0) parts.pop();
  return parts;
}

function parseLocalSegment(segment: string): Natural | string {
  return isDigit(segment.charCodeAt(0)) && skipDigits(segment, 0) === segment.length ? parseNatural(segment) : segment;
}

function order(a: PythonVersion, b: PythonVersion): number {
  return (
    compareNaturals(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    comparePreReleases(a, b) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocals(a.local, b.local)
  );
}

function compareReleases(a: readonly Natural[], b: readonly Natural[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = compareNaturals(a[index] ?? 0, b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function comparePreReleases(a: PythonVersion, b: PythonVersion): number {
  const stage = stageOf(a) - stageOf(b);
  if (stage !== 0) return stage;
  return compareNaturals(a.preRelease?.number ?? 0, b.preRelease?.number ?? 0);
}

/** A development release without pre-release and post-release comes before all pre-releases, a release after them. */
function stageOf(version: PythonVersion): number {
  if (version.preRelease !== undefined) return version.preRelease.stage;
  return version.post === undefined && version.dev !== undefined ? -1 : 3;
}

/** `absent` is the sign of an absent number against a present one. */
function compareOptional(a: Natural | undefined, b: Natural | undefined, absent: number): number {
  if (a === undefined) return b === undefined ? 0 : absent;
  return b === undefined ? -absent : compareNaturals(a, b);
}

function compareLocals(
  a: readonly (Natural | string)[] | undefined,
  b: readonly (Natural | string)[] | undefined,
): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const difference = compareLocalSegments(segment, other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Words sort before numbers. */
function compareLocalSegments(a: Natural | string, b: Natural | string): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : -1;
  return typeof b === 'string' ? 1 : compareNaturals(a, b);
}

/** Python's version order; what the specification does not allow ("legacy" versions) sorts first. */
export const pep440Scheme: VersionScheme = {
  id: 'pep440',
  displayName: 'PEP 440',
  specification: 'https://packaging.python.org/en/latest/specifications/version-specifiers/',
  isValid: (version) => parse(version) !== undefined,
  compare: compareParsed(parse, order),
};
