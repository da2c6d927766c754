import { type CinzelError, isCinzelError } from '../core/errors.ts';
import { type Problem, said } from '../core/problems.ts';

/** Whether the other side of the network is at fault; everything else (a full disk, an interruption) ends the run. */
export function isFeedFault(error: unknown): error is CinzelError {
  if (!isCinzelError(error)) return false;
  return (
    (error.code.startsWith('untrusted.') && error.code !== 'untrusted.store') ||
    [
      'environment.network',
      'environment.http',
      'environment.unauthorized',
      'environment.offline',
      'environment.not-found',
    ].includes(error.code)
  );
}

/** The fault in a few words, for `feed.unreachable`: without the address, which no report may hold. */
export function feedProblem(error: CinzelError): Problem {
  if (isCinzelError(error, 'environment.http')) return { kind: 'answers-status', status: error.parameters.status };
  if (isCinzelError(error, 'environment.network')) return error.parameters.problem;
  if (isCinzelError(error, 'environment.unauthorized')) return 'refused';
  if (isCinzelError(error, 'environment.offline')) return 'offline';
  if (isCinzelError(error, 'environment.not-found')) return { kind: 'not-found', what: error.parameters.what };
  return said('problem' in error.parameters ? String(error.parameters.problem) : error.code);
}
