import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { semverScheme } from './semver.ts';
import { disagreements, generatePairs, generateStrings } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

/** node-semver's loose mode also reads `1.2.34.beta`, as 1.2.3 with the pre-release `4.beta`. */
const threeNumbers = /^[v=]?\d+\.\d+\.\d+(?:$|[-+a-z])/i;

describe('the order of semantic versions', () => {
  it('orders pre-releases as section 11 of the specification does', () => {
    expectAscending(semverScheme, [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ]);
  });

  it('ignores build metadata', () => {
    expectEqual(semverScheme, ['1.0.0', '1.0.0+1', '1.0.0+a-b.c']);
  });

  it('takes missing parts for 0, and accepts prefixes, leading zeros and spaces', () => {
    expectEqual(semverScheme, ['1.2', '1.2.0', 'v1.2', '=v1.2.0', 'V01.2', ' 1.2.0.0 ']);
  });

  it('orders versions with more or fewer than three parts among the others', () => {
    expectAscending(semverScheme, ['1', '1.0.0.1', '1.0.1-rc1', '1.0.1', '1.1', '2-beta', '2']);
  });

  it('compares numbers of any size', () => {
    expectAscending(semverScheme, [
      '1.0.0-9007199254740993',
      '1.0.0-90071992547409930',
      '1.9007199254740992.0',
      '1.9007199254740993.0',
    ]);
  });

  it.each(['', 'latest', 'x.1', '1.x', '1..2', '1.', '^1.0.0'])('has no place for %j', (text) => {
    expect(semverScheme.isValid(text)).toBe(false);
    expectAscending(semverScheme, [text, '0.0.0-0']);
  });
});

describe('the order of semantic versions against node-semver', () => {
  it('agrees on 20,000 pairs of strict versions', () => {
    const pairs = generatePairs(semverScheme, 20_000);
    expect(
      disagreements(
        semverScheme,
        pairs,
        pairs.map(([a, b]) => semver.compare(a, b)),
      ),
    ).toEqual([]);
  });

  it('agrees on loose versions of three numbers', () => {
    const versions = generateStrings('semver', 20_000).filter(
      (version) => threeNumbers.test(version) && semver.valid(version, { loose: true }) !== null,
    );
    const pairs = versions.slice(1).map((version, index) => [versions[index] ?? '', version] as const);
    expect(pairs.length).toBeGreaterThan(5_000);
    expect(
      disagreements(
        semverScheme,
        pairs,
        pairs.map(([a, b]) => semver.compare(a, b, { loose: true })),
      ),
    ).toEqual([]);
  });

  it('accepts the versions that node-semver accepts without a prefix', () => {
    const versions = generateStrings('semver', 5_000);
    const accepted = versions.filter((version) => semver.valid(version) !== null && /^\d/.test(version));
    expect(versions.filter((version) => semverScheme.isValid(version))).toEqual(accepted);
  });
});
