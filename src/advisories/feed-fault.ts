import { type CinzelError, isCinzelError } from '../core/errors.ts';

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
      'environment.no-suite',
    ].includes(error.code)
  );
}
