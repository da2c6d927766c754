import { isCinzelError } from '../../core/errors.ts';

/** Whether another endpoint may do better: not when we were interrupted or may not use the network at all. */
export function mayFailOver(error: unknown): boolean {
  return isCinzelError(error) && error.code !== 'environment.offline' && !error.code.startsWith('interrupted');
}
