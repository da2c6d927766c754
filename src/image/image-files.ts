import type { LayerBlob } from './model.ts';

/** The named files of an image on disk, be they in a folder, a tar archive or a compressed one. */
export interface ImageFiles {
  /** What the user named, for messages. */
  readonly path: string;
  has(name: string): boolean;
  /** A small file whole. Throws `environment.not-found`, or `untrusted.limit` when it is larger than `limit`. */
  read(name: string, limit: number): Promise<Uint8Array>;
  /** Where a file's bytes are, without reading them; undefined when there is no such file. */
  blob(name: string): LayerBlob | undefined;
  close(): Promise<void>;
}
