import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { nugetScheme } from './nuget.ts';
import { disagreements, generatePairs } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

describe('the order of NuGet versions', () => {
  it('has a fourth number', () => {
    expectAscending(nugetScheme, ['1.0.0', '1.0.0.1', '1.0.0.2-beta', '1.0.0.2', '1.0.1']);
  });

  it('normalises as the documentation says: missing numbers, leading zeros, build metadata', () => {
    expectEqual(nugetScheme, ['1', '1.0', '1.0.0', '1.0.0.0', '1.00', '01.0.0+githash']);
    expectEqual(nugetScheme, ['1.01.1', '1.1.1']);
  });

  it('compares pre-releases without regard to case, numbers as numbers', () => {
    expectEqual(nugetScheme, ['1.0.0-Alpha', '1.0.0-ALPHA', '1.0-alpha']);
    expectAscending(nugetScheme, [
      '1.0.1-alpha.2',
      '1.0.1-alpha10',
      '1.0.1-BETA',
      '1.0.1-Open',
      '1.0.1-rc.2',
      '1.0.1-RC.10',
      '1.0.1-zzz',
      '1.0.1',
    ]);
  });

  it.each(['', '1.0.0.0.0', '1..0', 'latest', '1.0-', '1.0.*'])('does not accept %j', (text) => {
    expect(nugetScheme.isValid(text)).toBe(false);
  });

  it('agrees with node-semver where both formats are the same', () => {
    const pairs = generatePairs(nugetScheme, 20_000)
      .map(([a, b]) => [a.toLowerCase(), b.toLowerCase()] as const)
      .filter((pair) => pair.every((version) => semver.valid(version) !== null));
    expect(
      disagreements(
        nugetScheme,
        pairs,
        pairs.map(([a, b]) => semver.compare(a, b)),
      ),
    ).toEqual([]);
  });
});
