import type { ImagePath } from '../core/path.ts';
import type { SparseRun } from '../formats/tar/model.ts';
import type { EntryType } from './model.ts';

const entryTypes: readonly EntryType[] = ['file', 'directory', 'symlink', 'hardlink', 'character', 'block', 'fifo'];

/** What one layer wrote and removed, in columns: an entry is a number, and costs some 150 bytes. */
export interface LayerIndex {
  readonly paths: readonly ImagePath[];
  readonly types: Uint8Array;
  readonly modes: Uint16Array;
  readonly uids: Float64Array;
  readonly gids: Float64Array;
  /** Bytes of content, holes included. */
  readonly sizes: Float64Array;
  readonly mtimes: Float64Array;
  /** Offset of the content from the start of the uncompressed layer. */
  readonly offsets: Float64Array;
  readonly extras: ReadonlyMap<number, EntryExtras>;
  /** Paths removed by whiteouts, and folders whose lower content is hidden. */
  readonly whiteouts: readonly ImagePath[];
  readonly opaque: readonly ImagePath[];
  /** Uncompressed bytes of the layer. */
  readonly size: number;
}

/** What few entries have. */
export interface EntryExtras {
  readonly link?: string;
  /** For a hard link: the entry of this layer that holds the content. */
  readonly target?: number;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  readonly sparse?: readonly SparseRun[];
}

export function typeOf(index: LayerIndex, entry: number): EntryType {
  return entryTypes[index.types[entry] ?? 0] ?? 'file';
}

export function typeNumber(type: EntryType): number {
  return entryTypes.indexOf(type);
}

/** The entry of the same layer that holds a file's content: itself, or what a hard link leads to. */
export function contentEntry(index: LayerIndex, entry: number): number {
  return index.extras.get(entry)?.target ?? entry;
}

/** Bytes that the archive stores for an entry: less than its size when it has holes. */
export function storedSize(index: LayerIndex, entry: number): number {
  const runs = index.extras.get(entry)?.sparse;
  return runs === undefined ? (index.sizes[entry] ?? 0) : runs.reduce((sum, run) => sum + run.length, 0);
}
