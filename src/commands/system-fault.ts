import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';

/**
 * What the operating system refused, as a fault of the environment: a file that went away or may not be read is no bug.
 * Undefined when the error is not the system's.
 */
export function systemFault(error: unknown): CinzelError | undefined {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || code === undefined || syscall === undefined || path === undefined) return undefined;
  switch (code) {
    case 'ENOENT':
      return new CinzelError('environment.not-found', { what: path }, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new CinzelError('environment.permission', { path }, { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new CinzelError('environment.disk-full', { path }, { cause: error });
    default:
      return new CinzelError('environment.read', { path, problem: systemProblem(error) }, { cause: error });
  }
}
