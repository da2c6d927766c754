import { describe, expect, it } from 'vitest';
import { composerScheme } from './composer.ts';
import { askOracle, disagreements, generatePairs, generateStrings, isMissing } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

const loadComposer = 'require "Composer/Semver/autoload.php"; $parser = new Composer\\Semver\\VersionParser;';
const eachLine = 'while (($line = fgets(STDIN)) !== false) { [$a, $b] = explode("\\t", rtrim($line, "\\n"));';

describe('the order of Composer versions', () => {
  it('orders the stages of one release', () => {
    expectAscending(composerScheme, [
      '1.0.0-dev',
      '1.0-alpha',
      '1.0-alpha1',
      '1.0a2-dev',
      '1.0a2',
      '1.0.0-beta.1',
      '1.0.0-RC1',
      '1.0',
      '1.0-patch1',
      '1.0pl2',
      '1.0.0.1',
      '1.0.1',
    ]);
  });

  it('takes different spellings of a version for the same', () => {
    expectEqual(composerScheme, ['1.0', 'v1.0.0', '1.0.0.0', '1.0.0-stable', 'V1', '1.0.0+build.5']);
    expectEqual(composerScheme, ['1.0.0-beta2', '1.0b2', '1.0.0.Beta.2', '1_beta-2']);
  });

  it('puts a numeric branch after all releases of it', () => {
    expectAscending(composerScheme, ['1.0', '1.9999.1', '1.x-dev', '2.0.0-alpha1', '2.x-dev']);
  });

  it('orders versions that are dates', () => {
    expectAscending(composerScheme, ['2024.01.02', '2024.01.02.03.04.05', '20240102', '20240102-1']);
  });

  it.each(['dev-main', 'DEV-feature/x', 'master', '', 'abc', '1.0.0.0.0', '1.0-foo', '1.0 beta'])(
    'has no place for %j',
    (text) => {
      expectAscending(composerScheme, [text, '0.0.0-dev']);
    },
  );

  it('accepts named branches, which have no place in the order', () => {
    expect(composerScheme.isValid('dev-main')).toBe(true);
    expect(composerScheme.isValid('1.0-foo')).toBe(false);
  });
});

describe.skipIf(isMissing('php', '-r', loadComposer))('the order of Composer versions against Composer', () => {
  it('agrees with its normalisation and version_compare on 20,000 pairs', () => {
    const pairs = generatePairs(composerScheme, 20_000);
    const script = `${loadComposer} ${eachLine} echo version_compare($parser->normalize($a), $parser->normalize($b)), "\\n"; }`;
    expect(disagreements(composerScheme, pairs, askOracle('php', ['-r', script], pairs))).toEqual([]);
  });

  it('accepts the versions that Composer accepts', () => {
    const versions = generateStrings('composer', 5_000);
    const script = `${loadComposer} ${eachLine} try { $parser->normalize($a); echo "1\\n"; } catch (UnexpectedValueException $e) { echo "0\\n"; } }`;
    const answers = askOracle(
      'php',
      ['-r', script],
      versions.map((version) => [version, ''] as const),
    );
    expect(versions.filter((version) => composerScheme.isValid(version))).toEqual(
      versions.filter((_, index) => answers[index] === 1),
    );
  });
});
