import type { Finding, Severity } from './model.ts';

export interface FindingFilter {
  /** Only these; absent: all. */
  readonly severities?: readonly Severity[];
  readonly onlyFixed: boolean;
}

/** What `--severity` and `--only-fixed` leave, for output and gate alike. */
export function filterFindings(findings: readonly Finding[], filter: FindingFilter): readonly Finding[] {
  return findings.filter(
    ({ severity, fix }) =>
      (filter.severities?.includes(severity) ?? true) && (!filter.onlyFixed || fix.state === 'fixed'),
  );
}
