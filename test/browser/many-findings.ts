import { severities } from '../../src/findings/model.ts';
import type { ScanResult } from '../../src/report/model.ts';
import { sampleResult } from '../../src/report/testing/sample-result.ts';

/** The sample with this many vulnerabilities, each of its own, all open. */
export function withManyFindings(count: number): ScanResult {
  const samples = sampleResult.findings ?? [];
  const findings = Array.from({ length: count }, (_, index) => {
    const sample = samples[index % samples.length];
    if (sample === undefined) throw new Error('the sample has no findings');
    return {
      ...sample,
      id: `CVE-2031-${100_000 + index}`,
      severity: severities[index % severities.length] ?? 'unknown',
      summary: `Overflow number ${index}`,
      verdict: { kind: 'open' as const },
    };
  });
  return { ...sampleResult, findings };
}
