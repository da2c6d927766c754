import { describe, expect, it } from 'vitest';
import { markdown } from './formats/markdown.ts';
import { table } from './formats/table/index.ts';
import type { ScanResult } from './model.ts';
import { groupByPackage } from './package-groups.ts';
import { countUnreached, type ReachAnswer } from './reach-answer.ts';
import { renderText } from './testing/render.ts';
import { sampleResult } from './testing/sample-result.ts';

/** The sample's result, in which each finding has the answer of its package and its id. */
function answered(answerOf: (packageId: string, id: string) => ReachAnswer): ScanResult {
  const findings = (sampleResult.findings ?? []).map((item) => ({
    ...item,
    reachable: { answer: answerOf(item.packageId, item.id), reason: 'given' },
  }));
  return { ...sampleResult, findings };
}

const linesOf = (result: ScanResult): readonly string[] => renderText(table, result, { width: 140 }).split('\n');

describe('whether the application reaches a vulnerability', () => {
  it('is said once of a package when all of its vulnerabilities share it', () => {
    const lines = linesOf(answered(() => 'no'));
    const headings = lines.filter((line) => line.includes('· not reached'));
    expect(headings).toHaveLength(groupByPackage(sampleResult).length);
    expect(lines.some((line) => line.includes('(not reached)'))).toBe(false);
  });

  it('is said of each where they differ', () => {
    const [group] = groupByPackage(sampleResult).filter(({ vulnerabilities }) => vulnerabilities.length > 1);
    const id = group?.vulnerabilities[0]?.id;
    const text = linesOf(answered((_, other) => (other === id ? 'yes' : 'no'))).join('\n');
    expect(text).toMatch(new RegExp(`${id}[^\\n]*\\(([^)]*, )?reached\\)`));
    expect(text).toContain('not reached)');
  });

  it('is yes for a source of which one package is reached', () => {
    const result = answered((packageId) => (packageId.includes('/curl@') ? 'no' : 'yes'));
    const curl = groupByPackage(result).find(({ group }) => group.includes('/curl@'));
    expect(curl?.packages.length).toBeGreaterThan(1);
    expect(curl?.answers.get(curl.vulnerabilities[0]?.id ?? '')).toBe('yes');
  });

  it('is counted, and nothing is said when reach was not asked for', () => {
    const none = answered(() => 'unknown');
    expect(countUnreached(groupByPackage(none))).toBeUndefined();
    const all = answered(() => 'no');
    const total = Object.values(all.summary.vulnerabilities ?? {}).reduce((sum, count) => sum + count, 0);
    expect(countUnreached(groupByPackage(all))).toBe(total);
    for (const format of [table, markdown]) {
      expect(renderText(format, all)).toContain(`${total} that nothing reaches`);
      expect(renderText(format, none)).not.toContain('reaches');
    }
  });
});
