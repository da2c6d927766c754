import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { type ImageFiles, lacking } from '../image-files.ts';

/** The files of an image that lies in a folder, such as an OCI layout. */
export function folderFiles(path: string): ImageFiles {
  const whole = true;
  return {
    path,
    whole,
    has: (name) => sizeOf(path, name) !== undefined,
    read: async (name, limit) => {
      const size = sizeOf(path, name);
      if (size === undefined) throw lacking({ path, whole }, name);
      if (size > limit)
        throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: limit, what: join(path, name) });
      return readFile(join(path, name));
    },
    blob: (name) => {
      const size = sizeOf(path, name);
      return size === undefined ? undefined : { kind: 'slice', file: join(path, name), offset: 0, size };
    },
    close: async () => {},
  };
}

/** Bytes of a regular file; names come from digests that were checked, or are constants. */
function sizeOf(path: string, name: string): number | undefined {
  const stat = statSync(join(path, name), { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : undefined;
}
