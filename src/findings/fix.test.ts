import { describe, expect, it } from 'vitest';
import { advisoriesOf } from '../advisories/feeds/debian-archive/advisories.ts';
import type { Affected, RangeEvent } from '../advisories/model.ts';
import { sampleAdvisory } from '../advisories/testing/sample-advisory.ts';
import { commonFix, type Fix } from './fix.ts';
import { matchPackage } from './match.ts';
import { samplePackage, sampleStore } from './testing/samples.ts';

function entry(ranges: readonly (readonly RangeEvent[])[], more: Partial<Affected> = {}): Affected {
  const list = ranges.map((events) => ({ type: 'ECOSYSTEM' as const, events }));
  return { ecosystem: 'PyPI', name: 'demo', ranges: list, versions: [], ...more };
}

function fixFor(version: string, ...entries: readonly Affected[]): Fix {
  const advisories = entries.map((affected, index) => sampleAdvisory(`A-${index}`, { affected: [affected] }));
  return commonFix(matchPackage(samplePackage('pypi', 'demo', version), undefined, sampleStore(...advisories)));
}

describe('the fix that a changelog tells', () => {
  const origin = { ecosystem: 'Debian:12', source: 'demo', readAt: '2026-01-01T00:00:00Z' };
  const entries = [
    { version: '2-1', line: 'Fix CVE-2026-1' },
    { version: '3-1', line: 'Complete the fix (CVE-2026-1)' },
  ] as const;
  const store = sampleStore(...advisoriesOf([{ id: 'CVE-2026-1', entries }], origin));
  const debian = { id: 'debian', versionId: '12', idLike: [], evidence: { path: 'etc/os-release', layer: 0 } };

  it.each([
    ['1-1', '2-1'],
    ['2-1', '3-1'],
  ])('is the lowest entry above %s, even if a later one completes it: %s', (installed, version) => {
    const matches = matchPackage(samplePackage('deb', 'demo', installed), debian, store);
    expect(commonFix(matches)).toEqual({ state: 'fixed', version });
  });
});

describe('the fix', () => {
  it.each<[string, Fix, string, readonly Affected[]]>([
    [
      'is the lowest fixed version above, along the range that holds',
      { state: 'fixed', version: '2.5' },
      '2.1',
      [
        entry([
          [{ introduced: '0' }, { fixed: '1.5' }],
          [{ introduced: '2' }, { fixed: '2.5' }],
          [{ introduced: '3' }, { fixed: '3.5' }],
        ]),
      ],
    ],
    [
      'is the lowest of one range with several lines',
      { state: 'fixed', version: '1.5' },
      '1.0',
      [entry([[{ introduced: '2' }, { fixed: '2.5' }, { introduced: '0' }, { fixed: '1.5' }]])],
    ],
    [
      'is no version that another range holds again',
      { state: 'fixed', version: '3' },
      '1',
      [
        entry([
          [{ introduced: '0' }, { fixed: '2' }],
          [{ introduced: '2' }, { fixed: '3' }],
        ]),
      ],
    ],
    [
      'orders versions as the ecosystem does',
      { state: 'fixed', version: '1.10' },
      '1.9',
      [entry([[{ introduced: '0' }, { fixed: '1.10' }]])],
    ],
    [
      'must satisfy every record',
      { state: 'fixed', version: '1.10' },
      '1',
      [entry([[{ introduced: '0' }, { fixed: '1.9' }]]), entry([[{ introduced: '0' }, { fixed: '1.10' }]])],
    ],
    [
      'of one record counts beside another that has none',
      { state: 'fixed', version: '2' },
      '1',
      [entry([[{ introduced: '0' }]]), entry([[{ introduced: '0' }, { fixed: '2' }]])],
    ],
    ['does not exist where nothing closes the range', { state: 'not-fixed' }, '1', [entry([[{ introduced: '0' }]])]],
    [
      'is unknown after last_affected',
      { state: 'unknown' },
      '1',
      [entry([[{ introduced: '0' }, { last_affected: '1' }]])],
    ],
    ['is unknown for a listed version', { state: 'unknown' }, '1', [entry([], { versions: ['1'] })]],
    [
      'of a listed version is looked for in the ranges',
      { state: 'fixed', version: '2' },
      '1',
      [entry([[{ introduced: '1.5' }, { fixed: '2' }]], { versions: ['1'] })],
    ],
    [
      'is refused where the publisher says so',
      { state: 'wont-fix' },
      '1',
      [entry([[{ introduced: '0' }]], { state: 'wont-fix' })],
    ],
  ])('%s', (_name, expected, version, entries) => {
    expect(fixFor(version, ...entries)).toEqual(expected);
  });
});
