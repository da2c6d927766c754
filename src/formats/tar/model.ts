/** What a tar entry is, once GNU and PAX extensions have been applied to its header. */
export interface TarHeader {
  /** As the archive has it, decoded by core/path.ts decodeName: not yet normalised. */
  readonly name: string;
  readonly type: TarType;
  /** Permission bits 0o0000–0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of the file's content, holes of sparse files included. */
  readonly size: number;
  /** Seconds since the epoch, with fraction where PAX gives one. */
  readonly mtime: number;
  /** Target of a link, as the archive has it. */
  readonly link?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  /** SHA-1 of the content, or of a link's target, in hexadecimal: packages of apk have it (apk-package(5)). */
  readonly apkChecksum?: string;
}

export type TarType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

/** Where an entry's content lies. */
export interface TarContent {
  /** Offset of the first stored byte from the start of the archive. */
  readonly offset: number;
  /** Stored bytes: less than `size` for a sparse file. */
  readonly stored: number;
  /** Stored runs of a sparse file, in order; the rest reads as zeros. */
  readonly sparse?: readonly SparseRun[];
}

export interface SparseRun {
  /** Where the run lies in the file. */
  readonly at: number;
  readonly length: number;
}

export const blockSize = 512;

/** Bytes rounded up to whole blocks. */
export function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}
