import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CinzelError, type ErrorCode } from '../../../core/errors.ts';
import { errors } from '../../../i18n/en/errors.ts';
import { solve } from './solve.ts';
import { type Described, packagesOf, sourceOf } from './testing/packages.ts';

function outcome(wanted: readonly string[], described: Described, steps?: number): ErrorCode | number {
  try {
    const options = { architecture: 'amd64', ...(steps === undefined ? {} : { steps }) };
    return solve(wanted, sourceOf(packagesOf(described)), options).length;
  } catch (error) {
    if (!(error instanceof CinzelError)) throw error;
    if (error.code === 'usage.unsatisfiable') {
      const { message } = errors['usage.unsatisfiable']((error as CinzelError<'usage.unsatisfiable'>).parameters);
      expect(message.length).toBeLessThan(3_000);
    }
    return error.code;
  }
}

function many(count: number, describe: (index: number) => readonly [string, Described[string]]): Described {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => describe(index)));
}

describe('the solver against hostile indexes', () => {
  it('follows a chain of 10,000 packages', () => {
    const chain = many(10_000, (n) => [`p${n}`, { depends: n < 9_999 ? `p${n + 1}` : '' }]);
    expect(outcome(['p0'], chain)).toBe(10_000);
  });

  it('explains a chain of 10,000 packages that ends nowhere', () => {
    const chain = many(10_000, (n) => [`p${n}`, { depends: `p${n + 1}` }]);
    expect(outcome(['p0'], chain)).toBe('usage.unsatisfiable');
  });

  it('goes round a circle of 10,000 packages', () => {
    const circle = many(10_000, (n) => [`p${n}`, { depends: `p${(n + 1) % 10_000}` }]);
    expect(outcome(['p0'], circle)).toBe(10_000);
  });

  it('goes back from the end of 2,000 choices to the first', () => {
    const described = {
      ...many(2_000, (n) => [`p${n}`, { depends: `a${n} | b${n}${n < 1_999 ? `, p${n + 1}` : ', z'}` }]),
      ...many(2_000, (n) => [`a${n}`, { conflicts: n === 0 ? 'z' : '' }]),
      ...many(2_000, (n) => [`b${n}`, {}]),
      z: {},
    };
    expect(outcome(['p0'], described)).toBe(4_001);
  });

  it('tries each of 1,000 choices that fail on their own', () => {
    const described = {
      ...many(1_000, (n) => [`p${n}`, { depends: `a${n} | b${n}${n < 999 ? `, p${n + 1}` : ''}` }]),
      ...many(1_000, (n) => [`a${n}`, { depends: 'c | d' }]),
      ...many(1_000, (n) => [`b${n}`, {}]),
      c: { depends: 'e | gone' },
      d: { depends: 'e, gone' },
      e: { depends: 'f | g' },
      f: { depends: 'gone' },
      g: { depends: 'gone' },
    };
    expect(outcome(['p0'], described)).toBe(2_000);
  });

  it('sees quickly that twelve packages have no room in eleven places, or gives up', () => {
    const places = Array.from({ length: 11 }, (_, place) => place);
    const pigeons = Array.from({ length: 12 }, (_, pigeon) => pigeon);
    const described = Object.fromEntries([
      ...pigeons.map((pigeon) => [`p${pigeon}`, { depends: places.map((at) => `s${pigeon}at${at}`).join(' | ') }]),
      ...pigeons.flatMap((pigeon) =>
        places.map((at) => [`s${pigeon}at${at}`, { provides: `place${at}`, conflicts: `place${at}` }]),
      ),
    ]);
    const wanted = pigeons.map((pigeon) => `p${pigeon}`);
    expect(outcome(wanted, described, 3_000_000)).toBe('usage.unsolved');
    expect(outcome(wanted.slice(1), described)).toBe(22);
  });

  it('does not compare every two of 5,000 versions or providers', () => {
    const described = {
      ...many(5_000, (n) => [`v ${n + 1}`, { provides: 'w' }]),
      ...many(5_000, (n) => [`q${n}`, { provides: 'w', conflicts: 'w' }]),
      a: { depends: 'v, w' },
    };
    expect(outcome(['a'], described, 100_000_000)).toSatisfy((result) => [2, 'usage.unsolved'].includes(result));
  });

  it('takes relations that make no sense for what they say, and ends', () => {
    const text = fc.stringMatching(/^[ab|,:()<>=~ .\n0-9-]{0,40}$/);
    const fields = fc.record({ depends: text, preDepends: text, conflicts: text, breaks: text, provides: text });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a 1', 'a 2', 'b 1', 'ab 1', 'ba 3'), fields), (described) => {
        const result = outcome(['a'], described);
        expect(typeof result === 'number' || result === 'usage.unsatisfiable').toBe(true);
      }),
      { numRuns: 1_000, seed: 5 },
    );
  });
});
