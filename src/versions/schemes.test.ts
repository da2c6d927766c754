import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionSchemes } from './index.ts';
import type { VersionScheme } from './scheme.ts';
import { versionArbitraries, versionPairs } from './testing/version-arbitraries.ts';

const parameters = { numRuns: 5_000, seed: 20_240_229 };
const schemes = Object.values(versionSchemes);

describe('the list of version schemes', () => {
  it('has every scheme of this folder under its id', async () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /^[^.]+\.ts$/.test(name));
    const modules: object[] = await Promise.all(files.map((name) => import(/* @vite-ignore */ `./${name}`)));
    const found = modules.flatMap((module) => Object.values(module)).filter(isScheme);
    expect(new Set(found)).toEqual(new Set(schemes));
    for (const [id, scheme] of Object.entries(versionSchemes)) expect(scheme.id).toBe(id);
  });
});

function isScheme(value: unknown): value is VersionScheme {
  return typeof value === 'object' && value !== null && 'compare' in value && 'isValid' in value;
}

describe.each(schemes)('the $displayName version order', (scheme) => {
  const version = versionArbitraries[scheme.id];
  const related = versionPairs(scheme.id).map(([, second]) => second);
  const text = fc.oneof(
    version,
    related,
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[-~^_+.:!a-cr0-2v]{0,12}$/),
  );

  it('answers for any two strings', () => {
    fc.assert(
      fc.property(
        text,
        text,
        (a, b) => Number.isFinite(scheme.compare(a, b)) && typeof scheme.isValid(a) === 'boolean',
      ),
      parameters,
    );
  });

  it('finds every version equal to itself', () => {
    fc.assert(
      fc.property(text, (a) => scheme.compare(a, a) === 0),
      parameters,
    );
  });

  it('gives the opposite answer to the opposite question', () => {
    fc.assert(
      fc.property(text, text, (a, b) => Math.sign(scheme.compare(a, b)) === -Math.sign(scheme.compare(b, a)) + 0),
      parameters,
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(fc.oneof(triple(version), triple(text), neighbours(scheme)), (versions) =>
        isOrdered(scheme, versions),
      ),
      { ...parameters, numRuns: 20_000 },
    );
  });

  it('reads strings of 100,000 characters in linear time', () => {
    for (const unit of hostileUnits) {
      const long = unit.repeat(100_000 / unit.length);
      for (const [a, b] of [
        [long, `${long}1`],
        [`1${long}`, `1${long}!`],
        [`1.0-${long}\n!`, `1.0-${long}\n?`],
        [`1+${long}`, `1+${long}\u0000`],
      ] as const) {
        expect(Math.sign(scheme.compare(a, b))).toBe(-Math.sign(scheme.compare(b, a)) + 0);
        expect(scheme.isValid(`${a} x`)).toBe(false);
      }
    }
  }, 20_000);
});

const hostileUnits = [
  '0',
  '1',
  '9',
  'a',
  '.',
  '-',
  '~',
  '^',
  '_',
  '+',
  ':',
  ' ',
  '\t',
  '1.',
  '0.',
  '1-',
  'a1',
  '.a',
  '-0',
  '_p1',
  '~1',
  'dev',
  '1a',
];

function triple(arbitrary: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> {
  return fc.tuple(arbitrary, arbitrary, arbitrary);
}

/** Three versions that differ little. */
function neighbours(scheme: VersionScheme): fc.Arbitrary<readonly string[]> {
  return versionPairs(scheme.id).chain(([a, b]) =>
    fc.tuple(
      fc.constant(a),
      fc.constant(b),
      fc.constantFrom(`${a}0`, `${b}1`, `${a}.0`, `${b}-1`, `${a}~`, `${b}a`, `${a}_p`),
    ),
  );
}

/** Whether the three can be put in a row that all comparisons agree with. */
function isOrdered(scheme: VersionScheme, versions: readonly string[]): boolean {
  const [a = '', b = '', c = ''] = versions.toSorted((left, right) => scheme.compare(left, right));
  const first = Math.sign(scheme.compare(a, b));
  const second = Math.sign(scheme.compare(b, c));
  return Math.sign(scheme.compare(a, c)) === Math.min(first, second) && first <= 0 && second <= 0;
}
