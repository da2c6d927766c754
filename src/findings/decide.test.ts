import { describe, expect, it } from 'vitest';
import { applyBaseline } from './baseline.ts';
import { filterFindings } from './filter.ts';
import { evaluateGate, parseGate } from './gate.ts';
import type { Finding, Severity } from './model.ts';
import { countFindings, countPackages } from './summary.ts';
import { sampleFinding, samplePackage } from './testing/samples.ts';

const suppressed = { kind: 'suppressed', by: 'ignore', reason: 'r' } as const;
const unfixed = { state: 'not-fixed' } as const;

/** Five binaries of one source: five findings that share a group. */
function binaries(id: string, count: number, parts: Partial<Finding> = {}): readonly Finding[] {
  return Array.from({ length: count }, (_, index) =>
    sampleFinding(id, 'x', { packageId: `deb/x${index}@1`, group: 'deb/x@1', ...parts }),
  );
}

describe('--fail-on', () => {
  it.each([
    ['high', { level: 'high', unknown: false, fixable: false }],
    ['Critical, fixable', { level: 'critical', unknown: false, fixable: true }],
    ['low,unknown', { level: 'low', unknown: true, fixable: false }],
    ['unknown', { unknown: true, fixable: false }],
  ])('understands "%s"', (text, gate) => {
    expect(parseGate(text)).toEqual(gate);
  });

  it.each(['', 'bad', 'fixable', 'high,low', 'high,fixed'])('refuses "%s"', (text) => {
    expect(() => parseGate(text)).toThrowError(/usage.value/);
  });

  const findings = [
    ...binaries('CVE-1', 5, { severity: 'critical' }),
    sampleFinding('CVE-2', 'a', { severity: 'high', fix: unfixed }),
    sampleFinding('CVE-3', 'a', { severity: 'low' }),
    sampleFinding('CVE-4', 'a', { severity: 'unknown' }),
    sampleFinding('CVE-5', 'a', { severity: 'critical', verdict: suppressed }),
  ];

  it.each([
    ['critical', { failing: 1, unknown: 1 }],
    ['high', { failing: 2, unknown: 1 }],
    ['high,fixable', { failing: 1, unknown: 1 }],
    ['negligible', { failing: 3, unknown: 1 }],
    ['high,unknown', { failing: 3, unknown: 0 }],
    ['unknown', { failing: 1, unknown: 0 }],
  ])('%s counts distinct vulnerabilities of sources that are not suppressed', (text, expected) => {
    expect(evaluateGate(findings, parseGate(text))).toEqual(expected);
  });
});

it('--severity and --only-fixed leave what they say', () => {
  const findings = [
    sampleFinding('CVE-1', 'a', { severity: 'high' }),
    sampleFinding('CVE-2', 'a', { severity: 'high', fix: unfixed }),
    sampleFinding('CVE-3', 'a', { severity: 'low' }),
  ];
  const left = (severities: readonly Severity[] | undefined, onlyFixed: boolean): readonly string[] =>
    filterFindings(findings, { ...(severities && { severities }), onlyFixed }).map(({ id }) => id);
  expect(left(undefined, false)).toEqual(['CVE-1', 'CVE-2', 'CVE-3']);
  expect(left(['high'], false)).toEqual(['CVE-1', 'CVE-2']);
  expect(left(['high', 'low'], true)).toEqual(['CVE-1', 'CVE-3']);
});

it('a baseline suppresses what was known, also of another version, and nothing else', () => {
  const findings = [
    sampleFinding('CVE-1', 'a', { group: 'npm/@s/a@2' }),
    sampleFinding('CVE-2', 'a', { group: 'npm/@s/a@2' }),
    sampleFinding('CVE-1', 'b', { group: 'npm/b@1' }),
    sampleFinding('CVE-3', 'b', { group: 'npm/b@1', verdict: suppressed }),
  ];
  const known = [
    { id: 'CVE-1', group: 'npm/@s/a@1' },
    { id: 'CVE-3', group: 'npm/b@1' },
  ];
  const by = applyBaseline(findings, known, 'old.json').map(({ verdict }) =>
    verdict.kind === 'open' ? 'open' : verdict.by,
  );
  expect(by).toEqual(['baseline', 'open', 'open', 'ignore']);
});

describe('counts', () => {
  it('are of distinct (id, group); open for one binary is open', () => {
    const findings = [
      ...binaries('CVE-1', 4, { severity: 'high' }),
      ...binaries('CVE-1', 1, { severity: 'high', verdict: suppressed }),
      ...binaries('CVE-2', 2, { severity: 'low', verdict: suppressed }),
      sampleFinding('CVE-1', 'other', { severity: 'unknown', fix: unfixed }),
    ];
    expect(countFindings(findings)).toEqual({
      vulnerabilities: { critical: 0, high: 1, medium: 0, low: 0, negligible: 0, unknown: 1 },
      fixable: 1,
      suppressed: 1,
    });
  });

  it('of packages leave out those that another owns', () => {
    const packages = [
      samplePackage('deb', 'a', '1'),
      samplePackage('deb', 'b', '1'),
      samplePackage('pypi', 'c', '1', { ownedBy: 'deb/a@1' }),
    ];
    expect(countPackages(packages)).toEqual({ deb: 2 });
  });
});
