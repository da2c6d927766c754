import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { goScheme } from './go.ts';
import { disagreements, generatePairs } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

describe('the order of Go versions', () => {
  it('takes versions with and without a leading v for the same', () => {
    expectEqual(goScheme, ['v1.2.3', '1.2.3', 'v1.2.3+incompatible']);
    expectEqual(goScheme, ['v1', 'v1.0', '1.0.0']);
  });

  it('puts pseudo-versions between the releases around them', () => {
    expectAscending(goScheme, [
      'v0.0.0-20200101000000-0123456789ab',
      'v0.0.0-20210101000000-0123456789ab',
      'v1.2.3',
      'v1.2.4-0.20240101000000-0123456789ab',
      'v1.2.4',
      'v1.3.0-pre',
      'v1.3.0-pre.0.20240101000000-0123456789ab',
      'v1.3.0',
      'v2.0.0+incompatible',
    ]);
  });

  it('orders toolchain versions, in which a pre-release has no hyphen', () => {
    expectAscending(goScheme, ['go1.20.14', 'go1.21beta1', 'go1.21rc2', '1.21rc10', 'go1.21.0', 'go1.21.1']);
    expectEqual(goScheme, ['go1.21rc2', '1.21rc2', '1.21.0-rc.2']);
  });

  it('ignores what names the build of a toolchain', () => {
    expectEqual(goScheme, ['go1.22.1', 'go1.22.1-custom', 'go1.22.1 X:boringcrypto', '1.22.1']);
  });

  it.each(['', '(devel)', 'master', 'v', 'go'])('has no place for %j', (text) => {
    expect(goScheme.isValid(text)).toBe(false);
    expectAscending(goScheme, [text, 'v0.0.0-0']);
  });

  it('agrees with node-semver on 20,000 pairs of module versions', () => {
    const pairs = generatePairs(goScheme, 20_000).filter((pair) =>
      pair.every((version) => semver.valid(version) !== null),
    );
    expect(pairs.length).toBeGreaterThan(5_000);
    expect(
      disagreements(
        goScheme,
        pairs,
        pairs.map(([a, b]) => semver.compare(a, b)),
      ),
    ).toEqual([]);
  });
});
