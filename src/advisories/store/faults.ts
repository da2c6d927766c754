import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { type JsonValue, parseJson } from '../../core/json.ts';
import { type Problem, said } from '../../core/problems.ts';

/** Room that must stay free beside what is written, for the tree's own pages and for other programs. */
const reserve = 4 * 1024 ** 2;

/** Throws `environment.disk-full` unless the directory's file system has room for this many bytes. */
export function requireSpace(path: string, bytes: number): void {
  const free = freeBytes(path);
  if (free !== undefined && free < bytes + reserve) throw new CinzelError('environment.disk-full', { path });
}

function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** A store whose bytes cannot be what was written. */
export function damaged(path: string, problem: Problem, cause?: unknown): CinzelError {
  return new CinzelError('untrusted.store', { path, problem }, { cause });
}

/** Parses a value of the store. Throws `untrusted.store`. */
export function parseStored(value: Uint8Array, path: string): JsonValue {
  try {
    return parseJson(value, path);
  } catch (cause) {
    throw damaged(path, 'damaged', cause);
  }
}

/** What an error of LMDB, or of the file system below it, means. */
export function storeFault(path: string, cause: unknown): CinzelError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  if (/^MDB_|page \d+ not found|corrupt/i.test(problem)) {
    return damaged(path, said(problem), cause);
  }
  if (/permission denied|read-only|EACCES|EROFS|EPERM/i.test(problem)) {
    return new CinzelError('environment.permission', { path }, { cause });
  }
  // LMDB reports a short write, which is what a full disk gives, as an I/O error.
  const full = /no space|ENOSPC/i.test(problem) || (/input\/output/i.test(problem) && (freeBytes(path) ?? 0) < reserve);
  if (full) return new CinzelError('environment.disk-full', { path }, { cause });
  return new CinzelError('environment.write', { path, problem: said(problem) }, { cause });
}
