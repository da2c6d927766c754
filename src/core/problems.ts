/**
 * What can be wrong with something, with the parameters that its words need. Like errors, a problem carries no text:
 * `i18n/` has the words of each in each language, and they go into the sentence of the error or diagnostic around it.
 */
export interface ProblemParameters {
  'name-unknown': Record<never, never>;
  'name-not-looked-up': Record<never, never>;
  'nothing-listens': Record<never, never>;
  'connection-cut': Record<never, never>;
  'no-such-socket': Record<never, never>;
  'no-socket': Record<never, never>;
  'no-permission': Record<never, never>;
  'no-route': Record<never, never>;
  'no-answer': Record<never, never>;
  'stopped-sending': Record<never, never>;
  'no-tls': Record<never, never>;
  'certificate-expired': Record<never, never>;
  'certificate-self-signed': Record<never, never>;
  'certificate-unverified': Record<never, never>;
  'certificate-other-name': Record<never, never>;
  'no-web-address': Record<never, never>;
  'endless-redirects': Record<never, never>;
  'redirect-leaves-tls': Record<never, never>;
  'answer-cut': { readonly received: number; readonly expected: number };
  'proxy-login': Record<never, never>;
  'proxy-refuses': { readonly status: number };
  'proxy-address': Record<never, never>;
  'answers-status': { readonly status: number };
  refused: Record<never, never>;
  offline: Record<never, never>;
  'not-found': { readonly what: string };
  empty: Record<never, never>;
  'nothing-follows': { readonly prefix: string };
  'no-digest': { readonly text: string };
  'no-path-or-tag': Record<never, never>;
  'too-long': Record<never, never>;
  'no-host': { readonly text: string };
  'upper-case': Record<never, never>;
  'no-repository': { readonly text: string };
  'no-tag': { readonly text: string };
  'sbom-without-files': Record<never, never>;
  'sbom-without-image': Record<never, never>;
  'nothing-to-copy': Record<never, never>;
  'no-layout': Record<never, never>;
  'no-folder': Record<never, never>;
  folder: Record<never, never>;
  'no-file': Record<never, never>;
  'no-such-file': Record<never, never>;
  'link-loop': Record<never, never>;
  'not-on-image': { readonly key: string };
  'second-base': { readonly others: string };
  'base-twice': Record<never, never>;
  'other-version': { readonly name: string; readonly found: string; readonly wanted: string };
  'other-distribution': { readonly distribution: string };
  'no-keys': Record<never, never>;
  'value-without-keys': { readonly key: string };
  'no-list': { readonly key: string };
  'no-text-or-list': { readonly key: string };
  'unknown-setting': { readonly name: string; readonly near?: string };
  'unknown-key': { readonly key: string; readonly keys: string };
  'no-date': { readonly text: string };
  'no-fix-state': { readonly text: string; readonly states: string };
  'no-condition': Record<never, never>;
  'no-json-object': Record<never, never>;
  'invalid-name': Record<never, never>;
  'exit-code': { readonly status: number };
  at: { readonly place: string; readonly problem: Problem };
  'at-line': { readonly line: number; readonly problem: Problem };
  /** What an operating system, a server or a library said, which is in no language of ours. */
  said: { readonly text: string };
}

export type ProblemKind = keyof ProblemParameters;

/** Those that have no parameters are their names alone. */
type PlainProblem = {
  [Kind in ProblemKind]: keyof ProblemParameters[Kind] extends never ? Kind : never;
}[ProblemKind];

export type Problem =
  | PlainProblem
  | {
      readonly [Kind in Exclude<ProblemKind, PlainProblem>]: { readonly kind: Kind } & ProblemParameters[Kind];
    }[Exclude<ProblemKind, PlainProblem>];

/** Whether a server speaks TLS and it is not proved who it is. */
export function isCertificateProblem(problem: Problem): boolean {
  return typeof problem === 'string' && problem.startsWith('certificate-');
}

/** What somebody else said of it. */
export function said(text: string): Problem {
  return { kind: 'said', text };
}
