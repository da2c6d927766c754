import { readdir } from 'node:fs/promises';
import { CinzelError } from '../../core/errors.ts';
import { writing } from '../../core/write-fault.ts';

/** What is at the place of a layout that shall be written. */
export type LayoutPlace = 'absent' | 'empty' | 'layout';

/** Names that start so are our own unfinished work, and no content. */
export const ownPrefix = '.cinzel-';

/** Looks at the place. Throws `usage.destination` for a file, and for a folder that holds something else. */
export async function inspectLayoutPlace(path: string): Promise<LayoutPlace> {
  const names = await namesIn(path);
  if (names === undefined) return 'absent';
  if (names.includes('oci-layout') || names.includes('index.json')) return 'layout';
  if (names.every((name) => name.startsWith(ownPrefix))) return 'empty';
  throw new CinzelError('usage.destination', { path, problem: 'no-layout' });
}

function namesIn(path: string): Promise<readonly string[] | undefined> {
  return writing(path, () =>
    readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      if (error.code === 'ENOTDIR') throw new CinzelError('usage.destination', { path, problem: 'no-folder' });
      throw error;
    }),
  );
}
