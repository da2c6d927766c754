import type { Finding } from './model.ts';

/** What counts as one: a vulnerability of one source package, however many binaries were built from it. */
export function distinctKey({ id, group }: Pick<Finding, 'id' | 'group'>): string {
  return `${id} ${group}`;
}

/** The first finding of each (id, group). */
export function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const key = distinctKey(finding);
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.values()];
}

/** Findings that nothing suppressed. */
export function isOpen({ verdict }: Pick<Finding, 'verdict'>): boolean {
  return verdict.kind !== 'suppressed';
}
