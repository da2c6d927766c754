import { describe, expect, it } from 'vitest';
import type { AdvisorySeverity } from '../advisories/model.ts';
import { sampleAdvisory, sampleAffected } from '../advisories/testing/sample-advisory.ts';
import { matchPackage } from './match.ts';
import { type Rating, rate } from './severity.ts';
import { samplePackage, sampleStore } from './testing/samples.ts';

const v2 = { type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:P/I:P/A:P', base: 7.5 };
const v3 = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', base: 9.8 };
const v3low = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', base: 1.8 };
const v4 = { type: 'CVSS_V4', score: 'CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', base: 7.3 };
const debian = (score: string): AdvisorySeverity => ({ type: 'Debian', score });

function ratingOf(
  ...records: readonly { readonly record?: readonly AdvisorySeverity[]; readonly entry?: readonly AdvisorySeverity[] }[]
): Rating {
  const advisories = records.map(({ record = [], entry = [] }, index) =>
    sampleAdvisory(`A-${index}`, {
      severity: record,
      affected: [{ ...sampleAffected('PyPI', 'demo'), severity: entry }],
    }),
  );
  return rate(matchPackage(samplePackage('pypi', 'demo', '1'), undefined, sampleStore(...advisories)));
}

describe('the rating of a finding', () => {
  it('is that of the newest version of CVSS, with its score and vector', () => {
    expect(ratingOf({ record: [v3, v4, v2] })).toEqual({
      severity: 'high',
      score: 7.3,
      vector: v4.score,
      severitySource: 'A-0 (CVSS 4.0)',
    });
    expect(ratingOf({ record: [v2] })).toMatchObject({ severity: 'high', score: 7.5 });
  });

  it('is the worst of several records with the same version', () => {
    expect(ratingOf({ record: [v3low] }, { record: [v3] })).toMatchObject({
      severity: 'critical',
      score: 9.8,
      severitySource: 'A-1 (CVSS 3.1)',
    });
  });

  it("is the distribution's where it rates the package, with the score of CVSS beside it", () => {
    expect(ratingOf({ record: [v3], entry: [debian('unimportant')] })).toEqual({
      severity: 'negligible',
      score: 9.8,
      vector: v3.score,
      severitySource: 'A-0 (Debian)',
    });
    expect(ratingOf({ entry: [debian('low**')] }).severity).toBe('low');
    expect(ratingOf({ record: [{ type: 'Ubuntu', score: 'medium' }] }).severity).toBe('medium');
  });

  it.each(['not yet assigned', 'end-of-life', '', 'constructor'])('takes "%s" for no rating', (word) => {
    expect(ratingOf({ entry: [debian(word)] })).toEqual({ severity: 'unknown' });
    expect(ratingOf({ record: [v3], entry: [debian(word)] }).severity).toBe('critical');
  });

  it('is a score without vector, then the word of the database, where there is nothing better', () => {
    const score = { type: 'CVSS_V3_SCORE', score: '5.3', base: 5.3 };
    const word = { type: 'database', score: 'MODERATE' };
    expect(ratingOf({ record: [score, word] })).toEqual({
      severity: 'medium',
      score: 5.3,
      severitySource: 'A-0 (CVSS 3 score)',
    });
    expect(ratingOf({ record: [word] })).toEqual({ severity: 'medium', severitySource: 'A-0' });
    expect(ratingOf({ record: [v3, score] }).score).toBe(9.8);
  });

  it('is unknown where nobody rated it, or with a vector that cannot be scored', () => {
    expect(ratingOf({})).toEqual({ severity: 'unknown' });
    expect(ratingOf({ record: [{ type: 'CVSS_V3', score: 'CVSS:3.1/broken' }] })).toEqual({ severity: 'unknown' });
  });

  it.each([
    [0, 'negligible'],
    [0.1, 'low'],
    [3.9, 'low'],
    [4, 'medium'],
    [6.9, 'medium'],
    [7, 'high'],
    [8.9, 'high'],
    [9, 'critical'],
    [10, 'critical'],
  ])('of a score of %d is %s', (base, severity) => {
    expect(ratingOf({ record: [{ ...v3, base }] }).severity).toBe(severity);
  });
});
