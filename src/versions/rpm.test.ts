import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rpmScheme } from './rpm.ts';
import { disagreements, generatePairs, isMissing, runTool, type VersionPair } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

describe('the RPM version order', () => {
  it('puts a tilde before the end, and a caret between the end and everything else', () => {
    expectAscending(rpmScheme, [
      '1.0~~',
      '1.0~',
      '1.0~rc1',
      '1.0~rc1^git1',
      '1.0',
      '1.0^',
      '1.0^git1~pre',
      '1.0^git1',
      '1.0.1',
    ]);
  });

  it('puts letters before digits, and a longer version after its beginning', () => {
    expectAscending(rpmScheme, ['1.0', '1.0a', '1.0b', '1.0.0', '1.0.0a', '1.0.1', '1.0.10']);
  });

  it('compares epochs first, then versions, then releases', () => {
    expectAscending(rpmScheme, ['2.0', '2.0-1.el8', '2.0-1.el8_10', '2.0-2.el8', '2.1-1.el8', '1:0.1-1']);
  });

  it('sees separators only as the ends of segments', () => {
    expectEqual(rpmScheme, ['1.0-1', '1_0-1', '1..0-1', '1.0.-1', '0:1.0-1', ':01.0-01']);
  });
});

describe.skipIf(isMissing('rpm', '--version'))('the RPM version order against rpm', () => {
  it('agrees with rpm.vercmp on 20,000 pairs', () => {
    const pairs = generatePairs(rpmScheme, 20_000);
    expect(disagreements(rpmScheme, pairs, compareByRpm(pairs))).toEqual([]);
  });
});

function compareByRpm(pairs: readonly VersionPair[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-rpm-'));
  try {
    const input = join(folder, 'pairs');
    writeFileSync(input, pairs.map((pair) => `${pair.join('\t')}\n`).join(''));
    const script = `for line in io.lines("${input}") do local a, b = line:match("(.*)\\t(.*)"); io.write(rpm.vercmp(a, b), "\\n") end`;
    return runTool('rpm', ['--eval', `%{lua:${script}}`])
      .trim()
      .split('\n')
      .map(Number);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
