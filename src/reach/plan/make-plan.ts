import type { ImagePath } from '../../core/path.ts';
import type { FileEntry, Filesystem } from '../../filesystem/model.ts';
import type { ImageConfig } from '../../image/model.ts';
import type { OwnedFile, Package } from '../../inventory/model.ts';
import type { Application } from '../application.ts';
import { isDocumentation } from '../documentation.ts';
import type { ImageTree } from '../image-tree.ts';
import type { ReachGraph } from '../model.ts';
import { keepAlways } from './always-kept.ts';
import { KeptPaths } from './kept-paths.ts';
import type { DropReason, Plan, PlanEntry, PlanPackage } from './model.ts';
import { keepPackageData } from './package-data.ts';

export interface PlanOptions {
  readonly graph: ReachGraph;
  readonly filesystem: Filesystem;
  readonly tree: ImageTree;
  readonly config: ImageConfig;
  readonly application: Application;
  /** Whether reach alone decides about the application too. */
  readonly strict: boolean;
  readonly packages: readonly Package[];
  /** By package id. */
  readonly files: ReadonlyMap<string, readonly OwnedFile[]>;
}

/**
 * Decides what a slimmed image keeps.
 *
 * 1. What reach found, and the application whole unless reach is to decide about it too.
 * 2. What rules keep whatever needs it.
 * 3. Records, licences and folders of each package of which a file besides its documentation is kept by now.
 * 4. The folders of all that.
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { graph, filesystem, tree, config, packages, files } = options;
  const kept = new KeptPaths(filesystem, tree);
  for (const { path, reasons } of graph.nodes.values()) {
    const [{ kind, from, detail }] = reasons;
    kept.add(path, {
      reason: kind,
      ...(from === undefined ? {} : { from }),
      ...(detail === undefined ? {} : { detail }),
    });
  }
  const owners = ownersOf(packages, files);
  const isApplication = applicationTest(options);
  if (!options.strict) {
    for (const entry of filesystem.entries()) if (isApplication(entry)) kept.add(entry.path, { reason: 'application' });
  }
  keepAlways(filesystem, config, kept);
  const listed = new Set(packages.filter((one) => isListed(one, files, kept)));
  for (const one of listed) await keepPackageData(one, filesystem, kept);
  kept.addParents();
  const entries = [...filesystem.entries()].map((entry) => planEntry(entry, kept, owners, isApplication));
  const counted = packages.filter(({ ownedBy }) => ownedBy === undefined);
  return {
    entries,
    packages: counted.map((one) => planPackage(one, listed.has(one), files.get(one.id) ?? [], { filesystem, kept })),
  };
}

/** The package that owns each path; of several, the first. */
function ownersOf(packages: readonly Package[], files: PlanOptions['files']): ReadonlyMap<ImagePath, string> {
  const owners = new Map<ImagePath, string>();
  for (const { id } of packages) {
    for (const { path } of files.get(id) ?? []) if (!owners.has(path)) owners.set(path, id);
  }
  return owners;
}

/** Outside its own folders a folder is the application's only for what it holds. */
function applicationTest({ application }: PlanOptions): (entry: FileEntry) => boolean {
  const { folders, includes } = application;
  const inFolders = (path: ImagePath): boolean => folders.some((folder) => path.startsWith(`${folder}/`));
  return (entry) => includes(entry) && (entry.type !== 'directory' || inFolders(entry.path));
}

function isListed({ id, evidence }: Package, files: PlanOptions['files'], kept: KeptPaths): boolean {
  const owned = files.get(id) ?? evidence;
  return owned.some(({ path }) => kept.has(path) && !isDocumentation(path));
}

function planEntry(
  entry: FileEntry,
  kept: KeptPaths,
  owners: ReadonlyMap<ImagePath, string>,
  isApplication: (entry: FileEntry) => boolean,
): PlanEntry {
  const { path, type, size } = entry;
  const owner = owners.get(path);
  const common = {
    path,
    type,
    size,
    ...(owner === undefined ? {} : { package: owner }),
    ...(isApplication(entry) ? { application: true as const } : {}),
  };
  const why = kept.get(path);
  return why === undefined
    ? { ...common, fate: 'dropped', reason: dropReason(path) }
    : { ...common, fate: 'kept', ...why };
}

function dropReason(path: ImagePath): DropReason {
  if (isDocumentation(path)) return 'documentation';
  if (/^\/var\/lib\/(?:dpkg|apt|apk)\/|^\/(?:usr\/)?lib\/apk\//.test(path)) return 'package-manager';
  return /^\/(?:var\/(?:cache|log|tmp)|tmp)\/|\/\.(?:cache|npm)\/|\/__pycache__\//.test(path) ? 'cache' : 'unreached';
}

function planPackage(
  { id, type, name, version, architecture }: Package,
  isKept: boolean,
  owned: readonly OwnedFile[],
  { filesystem, kept }: { readonly filesystem: Filesystem; readonly kept: KeptPaths },
): PlanPackage {
  const present = owned.flatMap(({ path }) => filesystem.get(path) ?? []);
  const remaining = present.filter(({ path }) => kept.has(path));
  const amounts = {
    files: { kept: remaining.length, total: present.length },
    bytes: { kept: bytesOf(remaining), total: bytesOf(present) },
  };
  const whole = remaining.length === present.length;
  return {
    id,
    type,
    name,
    version,
    ...(architecture === undefined ? {} : { architecture }),
    fate: !isKept ? 'dropped' : whole ? 'kept' : 'partial',
    ...amounts,
  };
}

function bytesOf(entries: readonly FileEntry[]): number {
  return entries.reduce((sum, { type, size }) => sum + (type === 'file' ? size : 0), 0);
}
