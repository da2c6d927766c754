import { CinzelError } from '../core/errors.ts';
import type { LayerBlob } from './model.ts';

/** The named files of an image on disk, be they in a folder, a tar archive or a compressed one. */
export interface ImageFiles {
  /** What the user named, for messages. */
  readonly path: string;
  /** Whether nothing is missing at its end, as far as that shows: an archive's end is marked. */
  readonly whole: boolean;
  has(name: string): boolean;
  /** A small file whole. Throws as `lacking` says, or `untrusted.limit` when it is larger than `limit`. */
  read(name: string, limit: number): Promise<Uint8Array>;
  /** Where a file's bytes are, without reading them; undefined when there is no such file. */
  blob(name: string): LayerBlob | undefined;
  close(): Promise<void>;
}

/** The fault of files that name another which is not there: `untrusted.truncated` where the archive breaks off, else `untrusted.malformed`. */
export function lacking({ path, whole }: Pick<ImageFiles, 'path' | 'whole'>, name: string): CinzelError {
  if (!whole) return new CinzelError('untrusted.truncated', { what: path });
  return new CinzelError('untrusted.malformed', { what: path, problem: { kind: 'lacks-named', name } });
}

/** The fault of files that are no image, because the first that one would have is not there. */
export function notAnImage({ path, whole }: ImageFiles): CinzelError {
  return whole
    ? new CinzelError('untrusted.not-an-image', { path })
    : new CinzelError('untrusted.truncated', { what: path });
}
