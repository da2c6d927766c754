import { describe, expect, it } from 'vitest';
import { apkScheme } from './apk.ts';
import { expectAscending, expectEqual } from './testing/order-tables.ts';

/** The expectations follow apk-package(5) and the comparison in apk-tools 3 (src/version.c), for lack of an apk here. */
describe('the Alpine version order', () => {
  it('puts pre-release suffixes before the release, the others after it', () => {
    expectAscending(apkScheme, [
      '1.0_alpha',
      '1.0_alpha1',
      '1.0_alpha2',
      '1.0_alpha2_git1',
      '1.0_beta',
      '1.0_pre',
      '1.0_rc',
      '1.0_rc1',
      '1.0',
      '1.0_cvs',
      '1.0_svn',
      '1.0_git',
      '1.0_git20240101',
      '1.0_hg',
      '1.0_p',
      '1.0_p0',
      '1.0_p1',
      '1.0_p10',
      '1.0.0',
    ]);
  });

  it('compares suffixes one after the other', () => {
    expectAscending(apkScheme, [
      '1.0_rc1_alpha1',
      '1.0_rc1',
      '1.0_rc1_git1',
      '1.0_rc1_p1',
      '1.0_rc2',
      '1.0_p1_alpha',
      '1.0_p1',
      '1.0_p1_p1',
    ]);
  });

  it('puts revisions after everything else', () => {
    expectAscending(apkScheme, [
      '1.0_rc1-r5',
      '1.0',
      '1.0-r0',
      '1.0-r1',
      '1.0-r9',
      '1.0-r10',
      '1.0_p1-r0',
      '1.0a-r0',
      '1.0.1-r0',
    ]);
  });

  it('puts one letter after the numbers', () => {
    expectAscending(apkScheme, ['1.1', '1.1_p1', '1.1a', '1.1b', '1.1b_p1', '1.1z', '1.1.1', '1.2']);
  });

  it('compares a part with a leading zero as text, but not the first one', () => {
    expectAscending(apkScheme, ['1.0', '1.00', '1.001', '1.01', '1.010', '1.02', '1.09', '1.1', '1.2', '1.10']);
    expectEqual(apkScheme, ['1.2', '01.2', '001.2']);
  });

  it('compares commit hashes as text, between the version and its revision', () => {
    expectAscending(apkScheme, ['1.0', '1.0-r1', '1.0~0abc', '1.0~0abc-r1', '1.0~1', '1.0~ff', '1.0_p1']);
  });

  it('compares what it understands of an invalid version, which comes before its valid beginning', () => {
    expectAscending(apkScheme, ['1.0_alpha', '1.0_foo', '1.0', '1.1-1', '1.1', '1.2.', '1.2']);
    expectAscending(apkScheme, ['', '0']);
  });

  it.each(['0', '1.2.3-r0', '1.2.3a', '1.2.3a_rc1-r0', '1_p1_git20240101-r10', '1~abc', '20240101'])(
    'accepts %j',
    (text) => {
      expect(apkScheme.isValid(text)).toBe(true);
    },
  );

  it.each([
    '',
    'a',
    '1.',
    '1..2',
    '1.2A',
    '1.2aa',
    '1.2a3',
    '1_foo',
    '1_',
    '1-1',
    '1-r',
    '1-r1-r2',
    '1-r1_p1',
    '1~',
    '1~xyz',
    '1~ab~cd',
    ' 1',
  ])('does not accept %j', (text) => {
    expect(apkScheme.isValid(text)).toBe(false);
  });
});
