import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { debScheme } from './deb.ts';
import { compareByDpkg } from './testing/dpkg.ts';
import { generatePairs, generateStrings, isMissing } from './testing/oracle.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

describe('the Debian version order', () => {
  it('puts a tilde before the end, and the end before everything else', () => {
    expectAscending(debScheme, ['1.0~~', '1.0~~a', '1.0~', '1.0~rc1', '1.0', '1.0a', '1.0+']);
  });

  it('compares epochs first', () => {
    expectAscending(debScheme, ['9.9', '1:0.1', '2:0.1', '10:0']);
  });

  it('puts letters before other characters, and compares numbers as numbers', () => {
    expectAscending(debScheme, [
      '1.2',
      '1.10',
      '1.10a',
      '1.10+b',
      '1.10.',
      '1.10.1',
      '1.11',
      '1.100000000000000000000',
    ]);
  });

  it('orders backports, rebuilds and security updates of one upstream version', () => {
    expectAscending(debScheme, [
      '7.88.1-10~bpo11+1',
      '7.88.1-10',
      '7.88.1-10+b1',
      '7.88.1-10+deb12u1',
      '7.88.1-10+deb12u12',
    ]);
  });

  it('takes an absent epoch and an absent revision for 0', () => {
    expectEqual(debScheme, ['1.0', '0:1.0', '1.0-0', '01.00', '1.0-00', ' 1.0 ']);
  });

  it('splits the revision at the last hyphen', () => {
    expectAscending(debScheme, ['1.0-a-1', '1.0-a-2', '1.0-b-1']);
  });

  it.each(['', ' ', '1 2', 'a:1', ':1', '1:', '1-', '-1', '1:-1', '9999999999:1'])('has no place for %j', (text) => {
    expect(debScheme.isValid(text)).toBe(false);
    expectAscending(debScheme, [text, '~~']);
  });
});

describe.skipIf(isMissing('dpkg', '--version'))('the Debian version order against dpkg', () => {
  it('agrees with dpkg --compare-versions on 20,000 pairs', async () => {
    expect(await compareByDpkg(debScheme, generatePairs(debScheme, 20_000))).toEqual([]);
  }, 240_000);

  it('accepts the versions that dpkg --validate-version accepts', () => {
    // dpkg's number parser lets a sign before the epoch pass, Debian's policy does not.
    const versions = generateStrings('deb', 1_000).filter((version) => /^[^+-]/.test(version));
    const script =
      'while IFS= read -r version; do dpkg --validate-version "$version" && echo valid || echo invalid; done';
    const answers = execFileSync('sh', ['-c', script], {
      input: `${versions.join('\n')}\n`,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(versions.map((version) => `${version} ${debScheme.isValid(version) ? 'valid' : 'invalid'}`)).toEqual(
      answers
        .toString()
        .trim()
        .split('\n')
        .map((answer, index) => `${versions[index]} ${answer}`),
    );
  });
});
