import type { Finding } from './model.ts';

/** What a baseline must say about a finding: the rest of an old report does not matter. */
export type KnownFinding = Pick<Finding, 'id' | 'group'>;

/**
 * Suppresses the open findings that an older scan had already, so that only new ones fail. The same vulnerability of
 * the same source is no news when its version changed, so groups are compared by their names without version.
 */
export function applyBaseline(
  findings: readonly Finding[],
  known: readonly KnownFinding[],
  name: string,
): readonly Finding[] {
  const keys = new Set(known.map(baselineKey));
  return findings.map((finding) => {
    if (finding.verdict.kind !== 'open' || !keys.has(baselineKey(finding))) return finding;
    return { ...finding, verdict: { kind: 'suppressed', by: 'baseline', reason: `known since ${name}` } };
  });
}

function baselineKey({ id, group }: KnownFinding): string {
  const at = group.lastIndexOf('@');
  return `${id} ${at < 0 ? group : group.slice(0, at)}`;
}
