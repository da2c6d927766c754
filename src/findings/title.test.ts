import { describe, expect, it } from 'vitest';
import { titleOf } from './title.ts';

const ids = ['CVE-2024-1234', 'GHSA-aaaa-bbbb-cccc'];

describe('the title of a vulnerability', () => {
  it.each([
    ['Possible shell escape sequence injection', 'Possible shell escape sequence injection'],
    ['CVE-2024-1234: Prevent RCE when calling', 'Prevent RCE when calling'],
    ['Fix CVE-2024-1234: out-of-bounds write in foo', 'out-of-bounds write in foo'],
    ['[CVE-2024-1234] Heap overflow (Closes: #1068417)', 'Heap overflow'],
    ['Heap overflow in bar() (CVE-2024-1234)', 'Heap overflow in bar()'],
    ['CVE-2024-1234\tTwo \n lines', 'Two lines'],
    ['Fix foo as in CVE-2020-9999 (GHSA-aaaa-bbbb-cccc)', 'Fix foo as in CVE-2020-9999'],
    ['d/patches/CVE-2024-1234.patch: check the length', 'd/patches/CVE-2024-1234.patch: check the length'],
  ])('tells what it is, without its own ids: %s', (summary, title) => {
    expect(titleOf([{ summary }], ids)).toBe(title);
  });

  it.each([
    'CVE-2024-1234',
    'Fix CVE-2024-1234',
    'Fixes: CVE-2024-1234, CVE-2024-1235 and CVE-2024-1236 (Closes: #1068417, #1068418)',
    'Backport upstream fix for CVE-2024-1234.',
    'New upstream release (CVE-2024-1234)',
    'd/p/CVE-2024-1234.patch: backport from upstream',
    '',
  ])('is absent where nothing but the id is said: %s', (summary) => {
    expect(titleOf([{ summary }], ids)).toBeUndefined();
  });

  it('comes from another record, then from the first sentence of details', () => {
    const detailed = { details: '### Impact\n\nA crafted e.g. 1.2 header is read twice. Upgrade now.\n' };
    expect(titleOf([{ summary: 'CVE-2024-1234' }, { summary: 'A leak' }], ids)).toBe('A leak');
    expect(titleOf([{ summary: 'CVE-2024-1234' }, detailed], ids)).toBe('A crafted e.g. 1.2 header is read twice');
  });

  it('does not come from the head of a changelog entry', () => {
    const details = 'apt (2.6.2): CVE-2024-1234\napt (2.6.3): CVE-2024-1234';
    expect(titleOf([{ summary: 'CVE-2024-1234', details }], ids)).toBeUndefined();
  });

  it('fits a line, whatever a publisher writes', () => {
    expect(titleOf([{ summary: `${'CVE-2024-1234: '.repeat(5_000)}` }], ids)).toBeUndefined();
    expect(titleOf([{ summary: 'word '.repeat(50_000) }], ids)).toHaveLength(160);
  });
});
