import { describe, expect, it } from 'vitest';
import { gemScheme } from './gem.ts';
import { askOracle, disagreements, generatePairs, generateStrings, isMissing } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

describe('the order of gem versions', () => {
  it('puts versions with letters before the release that they lead to', () => {
    expectAscending(gemScheme, [
      '1.0.a',
      '1.0.a.2',
      '1.0.b1',
      '1.0.b10',
      '1.0.rc1',
      '1.0',
      '1.0.1.pre',
      '1.0.1',
      '1.1.a',
      '1.1',
    ]);
  });

  it('reads a hyphen as a pre-release', () => {
    expectEqual(gemScheme, ['1.0.0-1', '1.0.0.pre.1', '1.pre1']);
    expectAscending(gemScheme, ['1.0.0-1', '1.0.0']);
  });

  it('ignores trailing zeros, and takes an empty version for 0', () => {
    expectEqual(gemScheme, ['1', '1.0', '1.0.0', ' 1 ']);
    expectEqual(gemScheme, ['1.a', '1.0.a', '1.0.a.0']);
    expectEqual(gemScheme, ['', '0', '0.0']);
  });

  it.each(['v1.0', '1..2', '1.', '1_0', 'junk', '1.0\n2.0', '1-'])('has no place for %j', (text) => {
    expect(gemScheme.isValid(text)).toBe(false);
    expectAscending(gemScheme, [text, '0.a']);
  });
});

describe.skipIf(isMissing('ruby', '--version'))('the order of gem versions against RubyGems', () => {
  it('agrees with Gem::Version on 20,000 pairs', () => {
    const pairs = generatePairs(gemScheme, 20_000);
    const script =
      'STDIN.each_line(chomp: true) { |l| a, b = l.split("\\t", -1).map { |v| Gem::Version.new(v) }; puts a <=> b }';
    expect(disagreements(gemScheme, pairs, askOracle('ruby', ['-e', script], pairs))).toEqual([]);
  });

  it('accepts the versions that Gem::Version accepts', () => {
    const versions = generateStrings('gem', 5_000);
    const script = 'STDIN.each_line(chomp: true) { |l| puts Gem::Version.correct?(l.split("\\t", -1)[0]) ? 1 : 0 }';
    const answers = askOracle(
      'ruby',
      ['-e', script],
      versions.map((version) => [version, ''] as const),
    );
    expect(versions.filter((version) => gemScheme.isValid(version))).toEqual(
      versions.filter((_, index) => answers[index] === 1),
    );
  });
});
