import { type ImagePath, parentPath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { OwnedFile, Package } from '../../inventory/model.ts';
import { isDistributionType } from '../../inventory/package-id.ts';
import type { PlanEntry } from '../../reach/plan/model.ts';
import { isFileOf, runtimes } from './foundations.ts';

export interface FileSourcesOptions {
  readonly filesystem: Filesystem;
  readonly packages: readonly Package[];
  /** By package id. */
  readonly files: ReadonlyMap<string, readonly OwnedFile[]>;
}

/** What each file came with: the source package, or the layer of a runtime that no package owns. */
export type FileSources = ReadonlyMap<ImagePath, string>;

/** Finds what the kept files of a plan came with, and the files that lie beside them. */
export function fileSources(kept: readonly PlanEntry[], options: FileSourcesOptions): FileSources {
  const packaged = packageSources(options);
  const unpackaged = kept.filter(({ path }) => !packaged.has(path));
  return new Map([...runtimeSources(unpackaged, options), ...packaged]);
}

function packageSources({ packages, files }: FileSourcesOptions): FileSources {
  const sources = new Map<ImagePath, string>();
  for (const { id, type, name, source } of packages) {
    if (!isDistributionType(type)) continue;
    // Of several packages that own a path, the first counts.
    for (const { path } of files.get(id) ?? []) if (!sources.has(path)) sources.set(path, source?.name ?? name);
  }
  return sources;
}

/** Folders in which a runtime may lie among what is not its own. */
const systemFolders: ReadonlySet<ImagePath> = new Set(['/', '/usr']);

/**
 * Runtimes that no package owns, as the official images of languages have them in `/usr/local`: what is in their folder
 * and of their layer came with them.
 */
function runtimeSources(unpackaged: readonly PlanEntry[], { filesystem }: FileSourcesOptions): FileSources {
  const sources = new Map<ImagePath, string>();
  for (const runtime of runtimes) {
    const file = unpackaged.find((entry) => isFileOf(runtime, entry) && !systemFolders.has(folderOf(entry)));
    if (file === undefined) continue;
    const folder = folderOf(file);
    const layer = filesystem.get(file.path)?.layer;
    for (const entry of filesystem.entries()) {
      if (entry.layer === layer && entry.path.startsWith(`${folder}/`)) sources.set(entry.path, `${folder} ${layer}`);
    }
  }
  return sources;
}

/** The folder above that of programs. */
function folderOf({ path }: PlanEntry): ImagePath {
  return parentPath(parentPath(path));
}
