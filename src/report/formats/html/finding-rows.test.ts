import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../findings/model.ts';
import { sampleResult } from '../../testing/sample-result.ts';
import { groupFindings } from './finding-rows.ts';

const packages = new Map(sampleResult.packages.map((item) => [item.id, item]));
const findings = sampleResult.findings ?? [];
const rows = groupFindings(findings, packages);

function one(id: string): Finding {
  const found = findings.find((finding) => finding.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

describe('groupFindings', () => {
  test('gives one row for the binaries of one source, and loses no finding', () => {
    const curl = rows.filter((row) => row.first.id === 'CVE-2031-1001');
    expect(curl).toHaveLength(1);
    expect(curl[0]?.name).toBe('curl');
    expect(curl[0]?.findings).toHaveLength(3);
    expect(rows.flatMap((row) => row.findings)).toHaveLength(findings.length);
  });

  test('has as many open rows as the summary counts', () => {
    const open = rows.filter((row) => row.first.verdict.kind !== 'suppressed');
    const counted = Object.values(sampleResult.summary.vulnerabilities ?? {}).reduce((sum, count) => sum + count, 0);
    expect(open).toHaveLength(counted);
  });

  test('sets verdicts apart: suppressing one binary leaves the others open', () => {
    const [first, ...rest] = findings.filter((finding) => finding.id === 'CVE-2031-1001');
    if (first === undefined) throw new Error('the sample lacks the finding');
    const suppressed: Finding = { ...first, verdict: { kind: 'suppressed', by: 'ignore', reason: 'unused' } };
    const kinds = groupFindings([suppressed, ...rest], packages).map((row) => row.first.verdict.kind);
    expect(kinds.toSorted()).toEqual(['open', 'suppressed']);
  });

  test('a row is reached when one of its packages is', () => {
    const base = one('CVE-2031-2001');
    const no: Finding = { ...base, packageId: 'a', reachable: { answer: 'no', reason: '' } };
    const yes: Finding = { ...base, packageId: 'b', reachable: { answer: 'yes', reason: '' } };
    const unknown: Finding = { ...base, packageId: 'c', reachable: { answer: 'unknown', reason: '' } };
    expect(groupFindings([no, yes, unknown], packages)[0]?.reachable).toBe('yes');
    expect(groupFindings([no, unknown], packages)[0]?.reachable).toBe('unknown');
    expect(groupFindings([no], packages)[0]?.reachable).toBe('no');
  });

  test('puts the worst first, whatever the order given', () => {
    const ids = rows.map((row) => row.first.id);
    expect(rows[0]?.first.severity).toBe('critical');
    expect(rows.at(-1)?.first.severity).toBe('unknown');
    expect(groupFindings(findings.toReversed(), packages).map((row) => row.first.id)).toEqual(ids);
  });

  test('names a row whose package is not in the result after its group', () => {
    const row = groupFindings([{ ...one('CVE-2031-8001'), packageId: 'gone' }], packages)[0];
    expect(row?.name).toBe('golang.org/x/net');
    expect(row?.types).toEqual(['golang']);
  });
});
