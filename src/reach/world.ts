import { type ImagePath, normalizePath } from '../core/path.ts';
import type { FileEntry } from '../filesystem/model.ts';
import type { ElfLibrary } from './elf-library.ts';
import type { ImageTree } from './image-tree.ts';
import type { DynamicLoader } from './loader/dynamic-loader.ts';
import type { Language, Needs, Reason } from './model.ts';

/** What every analyser and runner may ask. */
export interface World {
  readonly tree: ImageTree;
  readonly elf: ElfLibrary;
  readonly loader: DynamicLoader;
  /** The image's own environment. */
  readonly environment: ReadonlyMap<string, string>;
  /** Whether the path belongs to the application itself (not to a package that it uses). */
  readonly isApplication: (path: ImagePath) => boolean;
  /** The names in the application's own files, the command and the environment. */
  readonly applicationWords: ReadonlySet<string>;
}

/** A file that is reached for the first time, or as another language than before. */
export interface ReachedFile {
  readonly path: ImagePath;
  readonly entry: FileEntry;
  readonly languages: ReadonlySet<Language>;
  /** The first reason, and so the shortest way. */
  readonly reason: Reason;
  readonly bytes: () => Promise<Uint8Array>;
}

/** Tells what files of one kind need. */
export interface Analyser {
  readonly id: string;
  /** Raise it when the same bytes give another answer: it is part of the cache key. */
  readonly version: number;
  /** What it understands is data: to reach it is not to reach code. */
  readonly data?: true;
  /** By name, mode and language; the content may still be of another kind. */
  readonly takes: (file: ReachedFile, world: World) => boolean;
  /** What the file needs; undefined when it is not of this kind after all. */
  readonly analyse: (file: ReachedFile, world: World) => Promise<Needs | undefined>;
}

/** The image path of a name that a program would use, from its working directory. */
export function absolutePath(name: string, folder: ImagePath): ImagePath | undefined {
  return normalizePath(name.startsWith('/') ? name : `${folder}/${name}`);
}
