import { describe, expect, it } from 'vitest';
import { cvssVersion, loadBaseScore } from './cvss.ts';

const baseScore = await loadBaseScore();

describe('the base score', () => {
  // Scores as the National Vulnerability Database and first.org's calculators give them.
  it.each([
    ['CVE-2014-0160, v2', 'AV:N/AC:L/Au:N/C:P/I:N/A:N', 5],
    ['CVE-2014-6271, v2', 'AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
    ['CVE-2017-5638, v3.0', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVE-2014-0160, v3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
    ['CVE-2021-44228, v3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['first.org example CVE-2022-41741, v4.0', 'CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
    ['no impact, v3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
    ['with temporal metrics', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O', 9.8],
  ])('%s', (_name, vector, score) => {
    expect(baseScore(vector)).toBe(score);
    expect(baseScore(vector)).toBe(score);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'high'],
    ['a missing metric', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H'],
    ['an unknown value', 'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['an empty value', 'CVSS:3.1/AV:/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['an unknown version', 'CVSS:9.9/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['only the prefix', 'CVSS:4.0/'],
    ['a prototype', 'CVSS:__proto__/AV:N'],
    ['a very long text', `CVSS:3.1/${'AV:N/'.repeat(1_000)}`],
    ['a hostile optional metric', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/__proto__:x/constructor:y'],
  ])('is none, or one in range, for %s', (_name, vector) => {
    const score = baseScore(vector);
    if (score !== undefined) expect(score).toBeGreaterThanOrEqual(0);
    if (cvssVersion(vector) === undefined) expect(score).toBeUndefined();
  });
});
