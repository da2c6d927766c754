import type { ImagePath } from '../core/path.ts';

export type EntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

/** One entry of the merged view; every entry knows the layer that wrote it. */
export interface FileEntry {
  readonly path: ImagePath;
  readonly type: EntryType;
  /** Permission bits with setuid, setgid and sticky: 0o0000–0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; for a hard link, of the file that it names. */
  readonly size: number;
  /** Seconds since the epoch, with fraction where the archive has it. */
  readonly mtime: number;
  /** Target: as written for a symbolic link, an image path for a hard link. */
  readonly link?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  /** 0-based index of the layer that wrote this entry. */
  readonly layer: number;
}

/** What one layer did to a path. */
export type PathChange =
  | { readonly kind: 'written'; readonly layer: number; readonly entry: FileEntry }
  | { readonly kind: 'removed'; readonly layer: number };

/** The merged view of an image's layers, or of its first few. */
export interface Filesystem {
  /** How many layers are merged. */
  readonly depth: number;
  /** The entry at exactly this path, no link followed (lstat). */
  get(path: ImagePath): FileEntry | undefined;
  /** The entry that the path leads to, links followed inside the image only (stat); never a symlink. */
  resolve(path: ImagePath): FileEntry | undefined;
  /** The entries directly in a directory, by name. Links in the directory's own path are not followed. */
  list(directory: ImagePath): readonly FileEntry[];
  /** Every entry, ordered by path. */
  entries(): Iterable<FileEntry>;
  /** Paths of regular files, hard links included, that match one of the selected globs. */
  selected(globs: readonly string[]): readonly FileEntry[];
  /**
   * The content of a file, links followed; undefined when there is no such regular file.
   * Throws `untrusted.limit` when it is larger than `limit` (default: the context's `fileBytes`).
   */
  read(path: ImagePath, limit?: number): Promise<Uint8Array | undefined>;
  /** Selected paths that match one of the globs and that some layer wrote, also those that are gone; ordered. */
  touched(globs: readonly string[]): readonly ImagePath[];
  /** What each layer did to a selected path, oldest first. */
  changes(path: ImagePath): readonly PathChange[];
  /** The content of a selected file as that layer wrote it, whatever became of it; limits as for `read`. */
  readVersion(path: ImagePath, layer: number, limit?: number): Promise<Uint8Array | undefined>;
  /** The view of the first `depth` layers. Only selected paths are guaranteed to be readable in it. */
  at(depth: number): Filesystem;
}
