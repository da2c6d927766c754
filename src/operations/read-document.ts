import { readFile, stat } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { systemProblem } from '../core/system-problem.ts';

/**
 * A document that the user named, whole. Throws `environment.not-found`, `environment.permission`, `environment.read`,
 * `untrusted.empty` or `untrusted.limit`.
 */
export async function readDocument(path: string, { fileBytes }: Limits): Promise<Uint8Array> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => Promise.reject(readFault(path, cause)));
  if (!found.isFile()) throw new CinzelError('environment.read', { path, problem: 'no-file' });
  if (found.size === 0) throw new CinzelError('untrusted.empty', { path });
  if (found.size > fileBytes) {
    throw new CinzelError('untrusted.limit', { limit: 'fileBytes', value: fileBytes, what: path });
  }
  return readFile(path).catch((cause: NodeJS.ErrnoException) => Promise.reject(readFault(path, cause)));
}

function readFault(path: string, cause: NodeJS.ErrnoException): CinzelError {
  if (cause.code === 'ENOENT') return new CinzelError('environment.not-found', { what: path }, { cause });
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    return new CinzelError('environment.permission', { path }, { cause });
  }
  return new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
}
