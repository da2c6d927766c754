import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { writing } from '../../core/write-fault.ts';

/** A file that is written aside and takes its place when it is whole. */
export interface PendingFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Puts the file in its place, over one that was there. */
  commit(): Promise<void>;
  /** Removes the file unless it was committed. */
  close(): Promise<void>;
}

/**
 * Starts to write a file. Throws `usage.destination` when something other than a regular file is there, and
 * `environment.*` when it cannot be written.
 */
export async function openPendingFile(path: string): Promise<PendingFile> {
  const target = await targetOf(path);
  const aside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  const handle = await writing(path, () => open(aside, 'wx'));
  let committed = false;
  return {
    path,
    handle,
    commit: () =>
      writing(path, async () => {
        await handle.close();
        await rename(aside, target);
        committed = true;
      }),
    close: async () => {
      await handle.close().catch(() => {});
      if (!committed) await rm(aside, { force: true });
    },
  };
}

/** The file itself: a link to it stays a link. A device or a pipe is never replaced. */
async function targetOf(path: string): Promise<string> {
  const found = await writing(path, () => stat(path).catch(absent));
  if (found === undefined) return path;
  if (found.isFile()) return realpath(path);
  throw new CinzelError('usage.destination', {
    path,
    problem: found.isDirectory() ? 'folder' : 'no-file',
  });
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
