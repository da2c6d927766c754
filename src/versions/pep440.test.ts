import { describe, expect, it } from 'vitest';
import { pep440Scheme } from './pep440.ts';
import { askOracle, disagreements, generatePairs, generateStrings, isMissing } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

const importVersion = 'from pip._vendor.packaging.version import InvalidVersion, Version';

describe('the order of Python versions', () => {
  it('orders the stages of one release as the specification does', () => {
    expectAscending(pep440Scheme, [
      '1.dev0',
      '1.0.dev456',
      '1.0a1',
      '1.0a2.dev456',
      '1.0a12.dev456',
      '1.0a12',
      '1.0b1.dev456',
      '1.0b2',
      '1.0b2.post345.dev456',
      '1.0b2.post345',
      '1.0rc1.dev456',
      '1.0rc1',
      '1.0',
      '1.0+abc.5',
      '1.0+abc.7',
      '1.0+5',
      '1.0.post456.dev34',
      '1.0.post456',
      '1.0.15',
      '1.1.dev1',
      '1!0.1',
    ]);
  });

  it('takes different spellings of a version for the same', () => {
    expectEqual(pep440Scheme, ['1.0rc1', 'v1.0.0RC1', '1.0-c.1', '1_pre1', ' 1.preview-1 ', '0!01.0rc01']);
    expectEqual(pep440Scheme, ['1.post2', '1-2', '1.0rev2', '1r2', '1-POST_2']);
    expectEqual(pep440Scheme, ['1+a.b', '1+a-b', '1+A_B']);
    expectEqual(pep440Scheme, ['1a', '1a0', '1.0-alpha.0']);
  });

  it.each(['', 'dog', '1.0-', '1.0.', '2004d', '1.0+', '1.0+a..b', '1!', '1.0-final', '1 .0'])(
    'puts the legacy version %j before all others',
    (text) => {
      expect(pep440Scheme.isValid(text)).toBe(false);
      expectAscending(pep440Scheme, [text, '0.dev0']);
    },
  );
});

describe.skipIf(isMissing('python3', '-c', importVersion))('the order of Python versions against pip', () => {
  it('agrees with its packaging library on 20,000 pairs', () => {
    const pairs = generatePairs(pep440Scheme, 20_000);
    const script = `import sys
${importVersion}
for line in sys.stdin:
    a, b = map(Version, line.rstrip("\\n").split("\\t"))
    print((a > b) - (a < b))`;
    expect(disagreements(pep440Scheme, pairs, askOracle('python3', ['-c', script], pairs))).toEqual([]);
  });

  it('accepts the versions that it accepts', () => {
    const versions = generateStrings('pep440', 5_000);
    const script = `import sys
${importVersion}
for line in sys.stdin:
    try:
        Version(line.rstrip("\\n").split("\\t")[0])
        print(1)
    except InvalidVersion:
        print(0)`;
    const answers = askOracle(
      'python3',
      ['-c', script],
      versions.map((version) => [version, ''] as const),
    );
    expect(versions.filter((version) => pep440Scheme.isValid(version))).toEqual(
      versions.filter((_, index) => answers[index] === 1),
    );
  });
});
