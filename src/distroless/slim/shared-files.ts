import type { Context } from '../../core/context.ts';
import type { ImagePath } from '../../core/path.ts';
import { inodeOf } from '../../filesystem/hard-links.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { ownNeeds } from '../../reach/own-needs.ts';
import type { Plan, PlanEntry } from '../../reach/plan/model.ts';
import { type FileSources, type FileSourcesOptions, fileSources } from './file-sources.ts';
import { type Foundation, type FoundationId, isFileOf, libraries, runtimes } from './foundations.ts';

export interface SharedFilesOptions extends FileSourcesOptions {
  readonly context: Context;
}

/** Files and links that every image keeps that stands on this foundation from the same packages. */
export interface SharedFiles {
  readonly foundation: FoundationId;
  readonly paths: ReadonlySet<ImagePath>;
}

/**
 * Finds what of a plan other images have too; nothing is kept for it (docs/decisions/slim-base-layer.md).
 *
 * 1. Of each library that the plan keeps, and of the first runtime: what that needs by itself.
 * 2. Of this the files of the source packages that it cannot be without, but for those that a foundation below is of.
 * 3. All of them or none: each must be kept, and under no name besides.
 */
export async function sharedFiles(plan: Plan, options: SharedFilesOptions): Promise<readonly SharedFiles[]> {
  const kept = plan.entries.filter(({ fate, type }) => fate === 'kept' && type !== 'directory');
  const sources = fileSources(kept, options);
  const isWhole = wholeTest(kept, options.filesystem);
  const below = new Set<string>();
  const shared: SharedFiles[] = [];
  for (const { foundation, file, source } of foundationsOf(kept, sources)) {
    const paths = await filesOf(foundation, file, sources, options);
    const own = new Set(paths.filter((path) => !below.has(sources.get(path) ?? '')));
    if (isWhole(own)) shared.push({ foundation: foundation.id, paths: own });
    below.add(source);
  }
  return shared;
}

interface FoundFoundation {
  readonly foundation: Foundation;
  readonly file: ImagePath;
  readonly source: string;
}

/** The libraries that are kept, and one runtime, as the files of a second would depend on the first. */
function foundationsOf(kept: readonly PlanEntry[], sources: FileSources): readonly FoundFoundation[] {
  const find = (foundation: Foundation): readonly FoundFoundation[] => {
    const file = kept.find((entry) => isFileOf(foundation, entry) && sources.has(entry.path));
    const source = file === undefined ? undefined : sources.get(file.path);
    return file === undefined || source === undefined ? [] : [{ foundation, file: file.path, source }];
  };
  return [...libraries.flatMap(find), ...runtimes.flatMap(find).slice(0, 1)];
}

async function filesOf(
  foundation: Foundation,
  file: ImagePath,
  sources: FileSources,
  { filesystem, context }: SharedFilesOptions,
): Promise<readonly ImagePath[]> {
  const isBrought = (path: ImagePath): boolean => sources.has(path);
  const needs = await ownNeeds(foundation.seeds(file), { filesystem, isBrought, context });
  const indispensable = new Set(needs.filter(({ certain }) => certain).map(({ path }) => sources.get(path)));
  return needs.map(({ path }) => path).filter((path) => isBrought(path) && indispensable.has(sources.get(path)));
}

/** Whether all of some files are kept, and no other kept name is the same file as one of them. */
function wholeTest(kept: readonly PlanEntry[], filesystem: Filesystem): (paths: ReadonlySet<ImagePath>) => boolean {
  const names = new Set(kept.map(({ path }) => path));
  const byInode = new Map<string, ImagePath[]>();
  for (const { path, type } of kept) {
    const entry = type === 'symlink' ? undefined : filesystem.get(path);
    if (entry === undefined) continue;
    const inode = inodeOf(entry, filesystem);
    const same = byInode.get(inode);
    if (same === undefined) byInode.set(inode, [path]);
    else same.push(path);
  }
  const linked = [...byInode.values()].filter(({ length }) => length > 1);
  return (paths) => {
    const has = (path: ImagePath): boolean => paths.has(path);
    return [...paths].every((path) => names.has(path)) && linked.every((same) => !same.some(has) || same.every(has));
  };
}
