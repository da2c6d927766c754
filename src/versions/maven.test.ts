import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mavenScheme } from './maven.ts';
import { disagreements, isMissing, runTool, type VersionPair } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

const classPath = '/usr/share/java/maven3-artifact.jar:/usr/share/java/commons-lang3.jar';
const mainClass = 'org.apache.maven.artifact.versioning.ComparableVersion';

describe('the order of Maven versions', () => {
  it('orders qualifiers as the specification does', () => {
    expectAscending(mavenScheme, [
      '1-alpha',
      '1-beta',
      '1-milestone',
      '1-rc',
      '1-SNAPSHOT',
      '1',
      '1-sp',
      '1-abc',
      '1-xyz',
      '1-1',
      '1-2',
      '1.1',
    ]);
  });

  it('trims null values at the end and before qualifiers', () => {
    expectEqual(mavenScheme, ['1', '1.0', '1.0.0', '1-ga', '1.final', '1.0-RELEASE', '1.', '1-', '1.0.0-0.0.0']);
    expectEqual(mavenScheme, ['1-foo', '1.0.0-foo.0.0', '1.0.foo', '1.0.0-FOO']);
  });

  it('expands abbreviations that a number follows directly', () => {
    expectEqual(mavenScheme, ['1-alpha-1', '1a1', '1.0.0-a1', '1-Alpha1']);
    expectEqual(mavenScheme, ['1-rc-2', '1-cr2', '1.0.CR2']);
    expectAscending(mavenScheme, ['1-alpha-1', '1-a-1']);
  });

  it('orders versions that are in use', () => {
    expectAscending(mavenScheme, [
      '2.0-beta9',
      '2.0-rc1',
      '2.0',
      '2.0.1',
      '2.3.1',
      '2.12.0',
      '2.12.4',
      '2.13.0',
      '2.17.1',
    ]);
    expectAscending(mavenScheme, ['5.0.0.M1', '5.0.0.RC1', '5.0.0.RELEASE', '5.0.0.SR1', '5.0.1.RELEASE']);
    expectAscending(mavenScheme, ['4.1.0.Beta1', '4.1.0.CR7', '4.1.0.Final', '4.1.0.Final-redhat-1', '4.1.1.Final']);
    expectAscending(mavenScheme, ['30.0-android', '30.0-jre', '30.1-android', '31.0.1-jre']);
  });
});

const javaArguments = ['-cp', classPath, mainClass];

describe.skipIf(isMissing('java', ...javaArguments, '1'))('the order of Maven versions against Maven 3', () => {
  it('agrees with ComparableVersion on 20,000 pairs', () => {
    const versions = fc.sample(regularVersion, { numRuns: 20_001, seed: 20_240_229 });
    const pairs = versions.slice(1).map((version, index): VersionPair => [versions[index] ?? '', version]);
    expect(disagreements(mavenScheme, pairs, compareNeighbours(versions))).toEqual([]);
  });
});

/**
 * Maven 3 nests a list for each hyphen and each qualifier. Where such a list begins with a null value, or a qualifier
 * between dots gets no list, its order has cycles (1-0-rc < 1 < 1-x < 1-0-rc, 1-alpha < 1 < 1.x.2 < 1-alpha), with
 * which no order can agree. These versions have neither.
 */
const regularVersion: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom('0', '1', '2', '10', '00', '01', '20240101', '18446744073709551616'), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.array(
      fc
        .constantFrom('-alpha-1', '-alpha', '-beta2', '.Beta3', 'a1', '.a2', '-m3', '-M4', '-b', '.rc5', '-RC', '-cr-6')
        .chain((piece) =>
          fc.constantFrom(piece, '-SNAPSHOT', '-sp', '-sp2', '-foo', '.foo7', '-jre', '-1', '-20240101', '.v8'),
        ),
      { maxLength: 3 },
    ),
    fc.constantFrom('', '', '', '.Final', '-ga', '.RELEASE', '-0', '.0'),
  )
  .map(([numbers, pieces, ending]) => numbers.join('.') + pieces.join('') + ending);

/** The signs of each version against the next. */
function compareNeighbours(versions: readonly string[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-maven-'));
  try {
    const argumentFile = join(folder, 'arguments');
    writeFileSync(argumentFile, [...javaArguments, ...versions].join('\n'));
    const comparisons = runTool('java', [`@${argumentFile}`])
      .split('\n')
      .filter((line) => line.startsWith('   '));
    return comparisons.map((line) => signs[line.trim().split(' ')[1] ?? ''] ?? Number.NaN);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const signs: Readonly<Record<string, number>> = { '<': -1, '==': 0, '>': 1 };
