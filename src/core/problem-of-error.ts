import type { CinzelError, ErrorCode, ErrorParameters } from './errors.ts';
import { type Problem, said } from './problems.ts';

/** What is wrong by an error, in a few words that name no address: a mirror is nobody's business who reads a report. */
export function problemOfError({ code, parameters }: CinzelError): Problem {
  const problem = problems[code] as ((parameters: unknown) => Problem) | undefined;
  return problem?.(parameters) ?? said(code);
}

const problems: { readonly [Code in ErrorCode]?: (parameters: ErrorParameters[Code]) => Problem } = {
  'environment.http': ({ status }) => ({ kind: 'answers-status', status }),
  'environment.unauthorized': () => 'refused',
  'environment.offline': () => 'offline',
  'environment.not-found': ({ what }) => ({ kind: 'not-found', what }),
  'environment.network': ({ problem }) => problem,
  'untrusted.malformed': ({ problem }) => problem,
  'untrusted.signature': ({ problem }) => problem,
  'untrusted.truncated': () => 'truncated',
  'untrusted.limit': ({ limit, value }) => ({ kind: 'over-limit', limit, value }),
  'untrusted.digest': () => 'other-digest',
  'untrusted.size': ({ actual, expected }) => ({ kind: 'other-size', found: actual, expected }),
  'untrusted.expired': ({ date }) => ({ kind: 'expired', date }),
  'untrusted.rolled-back': ({ date, newest }) => ({ kind: 'rolled-back', date, newest }),
  'untrusted.unsupported': () => 'unsupported',
};
