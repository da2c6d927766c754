import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { CinzelError } from './errors.ts';
import { systemProblem } from './system-problem.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const refused = new Set(['EACCES', 'EPERM', 'EROFS']);

/** What an error of the file system means for the one who writes to the path; other errors pass through. */
export function writeFault(path: string, cause: unknown): unknown {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  if (cause instanceof CinzelError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return cause;
  if (full.has(code)) return new CinzelError('environment.disk-full', { path }, { cause });
  if (refused.has(code)) return new CinzelError('environment.permission', { path }, { cause });
  const problem = code === 'ENOENT' && !existsSync(dirname(path)) ? 'folder-missing' : systemProblem(cause);
  return new CinzelError('environment.write', { path, problem }, { cause });
}

/** Runs a job that writes to the path, and explains what goes wrong. */
export async function writing<Result>(path: string, job: () => Promise<Result>): Promise<Result> {
  try {
    return await job();
  } catch (cause) {
    throw writeFault(path, cause);
  }
}
