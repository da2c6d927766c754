import type { Context } from '../../core/context.ts';
import { type ImagePath, parentPath } from '../../core/path.ts';
import { inodeOf } from '../../filesystem/hard-links.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { OwnedFile, Package } from '../../inventory/model.ts';
import { isDistributionType } from '../../inventory/package-id.ts';
import { ownNeeds } from '../../reach/own-needs.ts';
import type { Plan, PlanEntry } from '../../reach/plan/model.ts';
import { type Foundation, type FoundationId, libraries, runtimes } from './foundations.ts';

export interface SharedFilesOptions {
  readonly filesystem: Filesystem;
  readonly packages: readonly Package[];
  /** By package id. */
  readonly files: ReadonlyMap<string, readonly OwnedFile[]>;
  readonly context: Context;
}

/** Files and links that every image keeps that stands on this foundation from the same packages. */
export interface SharedFiles {
  readonly foundation: FoundationId;
  readonly paths: ReadonlySet<ImagePath>;
}

/** What each file came with: the source package, or the layer of a runtime that no package owns. */
type Sources = ReadonlyMap<ImagePath, string>;

/**
 * Finds what of a plan other images have too; nothing is kept for it (docs/decisions/slim-base-layer.md).
 *
 * 1. Of each library that the plan keeps, and of the first runtime: what that needs by itself.
 * 2. Of this the files of the source packages that it cannot be without, but for those that a foundation below is of.
 * 3. All of them or none: each must be kept, and under no name besides.
 */
export async function sharedFiles(plan: Plan, options: SharedFilesOptions): Promise<readonly SharedFiles[]> {
  const kept = plan.entries.filter(({ fate, type }) => fate === 'kept' && type !== 'directory');
  const sources = sourcesOf(kept, options);
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

function sourcesOf(kept: readonly PlanEntry[], options: SharedFilesOptions): Sources {
  const packaged = packageSources(options);
  const unpackaged = kept.filter(({ path }) => !packaged.has(path));
  return new Map([...runtimeSources(unpackaged, options), ...packaged]);
}

function packageSources({ packages, files }: SharedFilesOptions): Sources {
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
function runtimeSources(unpackaged: readonly PlanEntry[], { filesystem }: SharedFilesOptions): Sources {
  const sources = new Map<ImagePath, string>();
  for (const { path, type } of unpackaged) {
    const folder = parentPath(parentPath(path));
    if (type === 'symlink' || systemFolders.has(folder) || !runtimes.some(({ file }) => file.test(path))) continue;
    const layer = filesystem.get(path)?.layer;
    for (const entry of filesystem.entries()) {
      if (entry.layer === layer && entry.path.startsWith(`${folder}/`)) sources.set(entry.path, `${folder} ${layer}`);
    }
  }
  return sources;
}

interface FoundFoundation {
  readonly foundation: Foundation;
  readonly file: ImagePath;
  readonly source: string;
}

/** The libraries that are kept, and one runtime, as the files of a second would depend on the first. */
function foundationsOf(kept: readonly PlanEntry[], sources: Sources): readonly FoundFoundation[] {
  const find = (foundation: Foundation): readonly FoundFoundation[] => {
    const file = kept.find(({ path, type }) => type !== 'symlink' && foundation.file.test(path) && sources.has(path));
    const source = file === undefined ? undefined : sources.get(file.path);
    return file === undefined || source === undefined ? [] : [{ foundation, file: file.path, source }];
  };
  return [...libraries.flatMap(find), ...runtimes.flatMap(find).slice(0, 1)];
}

async function filesOf(
  foundation: Foundation,
  file: ImagePath,
  sources: Sources,
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
    byInode.set(inode, [...(byInode.get(inode) ?? []), path]);
  }
  const linked = [...byInode.values()].filter(({ length }) => length > 1);
  return (paths) => {
    const has = (path: ImagePath): boolean => paths.has(path);
    return [...paths].every((path) => names.has(path)) && linked.every((same) => !same.some(has) || same.every(has));
  };
}
