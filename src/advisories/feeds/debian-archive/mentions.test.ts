import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionsOf } from './mentions.ts';

/** Each id with what is said about it, `A` standing for CVE-2024-0001, `B` for CVE-2024-0002 and so on. */
function said(...lines: string[]): string {
  const withIds = lines.map((line) =>
    line.replaceAll(/(?<!\w)[A-D](?![A-Za-z])/g, (letter) => `CVE-2024-000${letter.charCodeAt(0) - 64}`),
  );
  return mentionsOf(withIds)
    .map(({ id, kind }) => `${String.fromCharCode(64 + Number(id.at(-1)))} ${kind}`)
    .join(', ');
}

// Sentences of real changelogs, with the ids replaced.
describe('mentionsOf', () => {
  it.each([
    '  * Fix A: heap overflow (Closes: #123456)',
    '  * A',
    '  * Add patch A.patch to fix an overflow. (LP: #99)',
    '  * CVE 2024-0001: double free',
    '  * Security fix for A, DoS with low impact.',
    '  * binfmt: restore write access when removing an entry (A)',
    '  * Revert "net/smc: Introduce TCP ULP support" (A)',
    '  * [s390x] Revert support for DCACHE_WORD_ACCESS (A)',
    '  * Revert addition of --set-hostname as a short-term fix for A',
    '  * A: drop DATA packets on remotely closed channels.',
    '  * A: Remove the newline from the query.',
    '  * A: Bypass of Content Security Policy in Blink.',
    '  * Re-add a patch. A: the fix had been lost',
    '  * A: Authz zero length regression could allow an attacker to bypass plugins',
    '  * Fix regression in rendering, and fix A',
    '  * Fix A; gcrypt backend is not affected.',
    '  * A: Applications that use the lookup through the __ syntax are unaffected.',
    '  * A: unbound itself is not vulnerable to the attack, but takes part in it.',
    '  * A: do not apply the limit twice',
    '  * Fix A and add a regression test for it',
    '  * Apply upstream patch for A to fix an overflow',
    '  * Fix wrong name header check (A).',
    '  * Partially mitigate A.',
    '  * The flaw was not fixed completely before: fixes A.',
    '  * net: fix A https://www.kernel.org/pub/linux/kernel/v6.x/ChangeLog-6.12.60',
  ])('%s — fixes it', (line) => {
    expect(said(line)).toBe('A fixes');
  });

  it.each([
    '  * This version is not affected by A.',
    '  * Fix A (not affected, SSLv2 disabled)',
    "  * Debian isn't affected by A",
    '  * Note: A is Windows specific, does not apply to Linux',
    '  * A does not affect this version of MediaWiki.',
    '  * A (not vulnerable)',
    '  * Still unfixed: A',
    '  * A: doesn’t affect 1.15',
    '  * Fix use after free. A. This does not affect Debian *binary* packages.',
    '  * Fixes code execution (A). Debian build was not vulnerable since it was compiled differently.',
    '  * Revert fixes for A. It was found that they break compatibility.',
    '  * Revert incorrect upstream patch for A and use the correct set',
    '  * Drop A.patch, included upstream',
    '  * Drop A_*, now included in upstream',
    '  * Drop patches applied upstream: foo.patch, bar.patch, d/p/A-1.patch',
    '  * Drop patch for A; included upstream.',
    '  * Removed the fix for A due to regression.',
    '  * d/p/A.patch: removed, applied by upstream',
    '  * d/p/A.patch remove, fixed in upstream',
    '  * Drop A patch',
    '  * drop all the patches obtained from upstream (A and zip-nullptr)',
    '  * Unapply patch for A, applied upstream',
  ])('%s — negated', (line) => {
    expect(said(line)).toBe('A negated');
  });

  it.each([
    '  * Fix an overflow (incomplete fix of A)',
    '  * The fix for A was incomplete and also broke some use cases.',
    '  * A claims to be patched, but the fix is incomplete and ineffective.',
    '  * Fix an issue that exists because of an incorrect fix for A.',
    '  * Fix bypass of A',
    '  * Fix disclosure of files (A bypass)',
    '  * Fix bypass of the fix for A',
    '  * Fix regression introduced by the fix for A (Closes: #1)',
    '  * Fix regression of A in case only sockets are used',
    '  * Fix A regression: error parsing URL',
    '  * A fix cause a regression in the handling of comments',
    '  * The fix for A introduced a regression in SUBSTRING().',
    '  * Restore SET role. The fix for A accidentally caused settings to not be applied.',
    '  * d/p/A-regression-fix.patch: fix Python 2 support',
    '  * Regression update for A.',
    '  * Fix a crash introduced by the patch for A.',
    '  * Backport follow-up fix for A, upstream commit c930be075.',
    '  * Add patch from upstream as follow up for A',
    '  * Apply the A fix to the embedded copy as well',
    '  * The fix for A in the python3.9 source package modified the parser.',
    '  * Backport --bind-fd support as prerequisite for fixing A in flatpak.',
    '  * This update adds fixup for A patch in 6.13.0-2+deb12u6',
  ])('%s — refers to another fix', (line) => {
    expect(said(line)).toBe('A refers');
  });

  it.each([
    '  * Refresh A.patch',
    '  * d/patches/A.patch: Rebased.',
    '  * Mention A in the previous changelog entry',
    '  * Correct CVE number for A in 1.2-3',
    '  * Add A reference to 1.8.5-1 changelog entry',
    '  * Fix unit tests for A.',
  ])('%s — in passing', (line) => {
    expect(said(line)).toBe('A aside');
  });

  it.each([
    [['  * New upstream version, fixing A, B. This version is not affected by C.'], 'A fixes, B fixes, C negated'],
    [['  * New version fixing A,', '    B. This version is not affected by', '    C.'], 'A fixes, B fixes, C negated'],
    [['  * Not affected by A, B, or C.'], 'A negated, B negated, C negated'],
    [['  * A: Bypass incomplete fix of B (High)'], 'A fixes, B refers'],
    [['  * Fix A: incomplete fix for B (closes: #778948).'], 'A fixes, B refers'],
    [['  * A: Regression in file access (B)'], 'A fixes, B refers'],
    [['  * A: follow-up fix for B.'], 'A fixes, B refers'],
    [['  * Drop A.patch, add B.patch'], 'A negated, B fixes'],
    [
      ['  * Drop patches applied upstream:', '    - A.patch', '    - B.patch', '  * Fix C'],
      'A negated, B negated, C fixes',
    ],
    [['  * The following CVEs are not affecting Debian:', '    - A', '    - B'], 'A negated, B negated'],
    [['  * Fix the following CVEs:', '    - A', '    - B'], 'A fixes, B fixes'],
    [['  * Backport fixes for issues that are unfixed upstream:', '    - A'], 'A fixes'],
    [['  * Drop old patches:', '    - A.patch', '    - Add B.patch'], 'A negated, B fixes'],
    [['  * Release fixes:', '    A: one', '    B: two'], 'A fixes, B fixes'],
  ])('%j: %s', (lines, expected) => {
    expect(said(...lines)).toBe(expected);
  });

  it('keeps the statement as written', () => {
    expect(mentionsOf(['  * Fix CVE-2024-0001', '    (Closes: #1)'])).toEqual([
      { id: 'CVE-2024-0001', kind: 'fixes', line: 'Fix CVE-2024-0001 (Closes: #1)' },
    ]);
  });

  it('keeps what is around the id in a long statement', () => {
    const line = `  * ${'word '.repeat(200)}CVE-2024-0001 ${'word '.repeat(200)}`;
    expect(mentionsOf([line])[0]?.line).toMatch(/^….{150,250}CVE-2024-0001.{150,250}…$/);
  });

  it('takes any text and is the same each time', () => {
    const word = fc.constantFrom(
      'CVE-2024-0001',
      'drop',
      'patch',
      'revert',
      'not',
      'affected by',
      'regression',
      'the fix for',
      '(',
      ')',
      '.',
      ':',
      'x.patch',
      '  * ',
      '    ',
      '\uE000',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 60 }), (words) => {
        const lines = words.join(' ').split('\n');
        expect(mentionsOf(lines)).toEqual(mentionsOf(lines));
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('does bounded work on a long hostile line', () => {
    const line = `  * ${'drop patch revert regression not affected by CVE-2024-0001 '.repeat(1000)}`;
    expect(mentionsOf([line])).toHaveLength(1000);
  });
});

it('reads lines of nothing but spaces in no more than linear work', () => {
  const gap = ' '.repeat(100_000);
  expect(mentionsOf([`* Fix CVE-2024-1234${gap}(closes: #1)${gap}!`]).map(({ id, kind }) => [id, kind])).toEqual([
    ['CVE-2024-1234', 'fixes'],
  ]);
});
