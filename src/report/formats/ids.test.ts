import { expect, it } from 'vitest';
import { renderText } from '../testing/render.ts';
import { sampleFindings } from '../testing/sample-findings.ts';
import { sampleResult, sampleSbom } from '../testing/sample-result.ts';
import { ids } from './ids.ts';

it('writes each id that is not suppressed once, sorted', () => {
  const lines = renderText(ids, sampleResult).trimEnd().split('\n');
  expect(lines).toEqual([...new Set(lines)].toSorted());
  const standing = sampleFindings.filter((finding) => finding.verdict.kind !== 'suppressed');
  expect(new Set(lines)).toEqual(new Set(standing.map((finding) => finding.id)));
  expect(lines).not.toContain('CVE-2031-6002');
});

it('writes nothing when nothing was looked up', () => {
  expect(renderText(ids, sampleSbom)).toBe('');
});

it('gives one line for an id that holds a line break', () => {
  const [finding] = sampleFindings;
  const hostile = finding === undefined ? [] : [{ ...finding, id: 'CVE-1\nCVE-2\u001b[2J' }];
  expect(renderText(ids, { ...sampleResult, findings: hostile })).toBe('CVE-1\\nCVE-2\\e[2J\n');
});
