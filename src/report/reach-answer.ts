import type { Finding } from '../findings/model.ts';
import type { PackageGroup } from './package-groups.ts';

export type ReachAnswer = Finding['reachable']['answer'];

/** The answer for one vulnerability in several packages: one that is reached makes it reached; `unknown` when there is none. */
export function strongestAnswer(findings: readonly Finding[]): ReachAnswer {
  const answers = new Set(findings.map((finding) => finding.reachable.answer));
  if (answers.has('yes')) return 'yes';
  return answers.has('no') && !answers.has('unknown') ? 'no' : 'unknown';
}

/** The answer that all vulnerabilities of the group share, if they share one. */
export function sharedAnswer({ vulnerabilities, answers }: PackageGroup): ReachAnswer | undefined {
  const distinct = new Set(vulnerabilities.map(({ id }) => answers.get(id)));
  const [only] = distinct;
  return distinct.size === 1 ? only : undefined;
}

/** How many distinct vulnerabilities nothing reaches; undefined when reach decided none. */
export function countUnreached(groups: readonly PackageGroup[]): number | undefined {
  const answers = groups.flatMap((group) => group.vulnerabilities.map(({ id }) => group.answers.get(id)));
  return answers.every((answer) => answer === 'unknown')
    ? undefined
    : answers.filter((answer) => answer === 'no').length;
}
