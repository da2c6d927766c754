import { type ImagePath, normalizePath, parentPath, rootPath } from '../core/path.ts';
import type { EntryType, FileEntry, Filesystem } from '../filesystem/model.ts';
import type { ImageConfig } from '../image/model.ts';
import type { OwnedFile, Package } from '../inventory/model.ts';
import type { Application } from './application.ts';
import type { EdgeKind, ReachGraph } from './model.ts';
import { workingFolder } from './seeds.ts';

/** Why a path is kept: what needs it, or what it is. */
export interface KeptReason {
  /** `parent`: it holds what is kept. `writable`: programs expect it and write there. */
  readonly kind: EdgeKind | 'parent' | 'writable';
  readonly from?: ImagePath;
  readonly detail?: string;
}

export interface PlannedPath {
  readonly path: ImagePath;
  readonly type: EntryType;
  /** Bytes of content; 0 for what has none. */
  readonly size: number;
  /** Id of the package that owns it. */
  readonly package?: string;
}

export interface KeptPath extends PlannedPath {
  readonly reason: KeptReason;
}

/** How much of a package is kept, in files and bytes; folders do not count. */
export interface PackageShare {
  readonly id: string;
  readonly keptFiles: number;
  readonly files: number;
  readonly keptBytes: number;
  readonly bytes: number;
}

/** Which paths of an image a slimmed one keeps, and which it drops: every path is in one of the two, in order. */
export interface Plan {
  readonly kept: readonly KeptPath[];
  readonly dropped: readonly PlannedPath[];
  /** Packages that have a file, by id. */
  readonly packages: readonly PackageShare[];
  readonly keptBytes: number;
  readonly droppedBytes: number;
}

export interface PlanOptions {
  readonly graph: ReachGraph;
  readonly application: Application;
  readonly filesystem: Filesystem;
  readonly config: ImageConfig;
  readonly packages: readonly Package[];
  /** By package id. */
  readonly files: ReadonlyMap<string, readonly OwnedFile[]>;
}

/** Folders that programs expect to find and to write to, or that engines mount upon. */
const writableFolders = [
  '/dev',
  '/proc',
  '/sys',
  '/etc',
  '/home',
  '/root',
  '/run',
  '/tmp',
  '/var/cache',
  '/var/lib',
  '/var/log',
  '/var/run',
  '/var/tmp',
];

/**
 * Divides an image into what is kept and what is dropped.
 *
 * 1. What the graph reaches is kept with its first reason, and the application whole.
 * 2. Folders that programs write to are kept empty: temporary ones, volumes, the working directory.
 * 3. The folders that hold what is kept are kept.
 */
export function makePlan(options: PlanOptions): Plan {
  const { filesystem, packages, files } = options;
  const owners = ownersOf(packages, files);
  const reasons = keptReasons(options);
  const kept: KeptPath[] = [];
  const dropped: PlannedPath[] = [];
  const shares = new Map<string, PackageShare>();
  for (const entry of filesystem.entries()) {
    if (entry.path === rootPath) continue;
    const reason = reasons.get(entry.path);
    const owner = owners.get(entry.path);
    const planned = plannedPath(entry, owner);
    if (reason === undefined) dropped.push(planned);
    else kept.push({ ...planned, reason });
    if (owner !== undefined && entry.type !== 'directory') addShare(shares, owner, planned.size, reason !== undefined);
  }
  return {
    kept,
    dropped,
    packages: [...shares.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    keptBytes: sumOf(kept),
    droppedBytes: sumOf(dropped),
  };
}

function keptReasons({ graph, application, filesystem, config }: PlanOptions): ReadonlyMap<ImagePath, KeptReason> {
  const reasons = new Map<ImagePath, KeptReason>();
  for (const {
    path,
    reasons: [first],
  } of graph.nodes.values()) {
    const { kind, from, detail } = first;
    reasons.set(path, { kind, ...(from === undefined ? {} : { from }), ...(detail === undefined ? {} : { detail }) });
  }
  for (const entry of filesystem.entries()) {
    if (!reasons.has(entry.path) && application.includes(entry)) reasons.set(entry.path, { kind: 'application' });
  }
  const volumes = (config.volumes ?? []).flatMap((volume) => normalizePath(`/${volume}`) ?? []);
  for (const folder of [...writableFolders, ...volumes, workingFolder(config)]) {
    // What stands there as a link is kept as one: `/var/run` leads to `/run`.
    const entry = filesystem.get(folder);
    if (entry !== undefined && !reasons.has(folder)) reasons.set(folder, { kind: 'writable' });
  }
  for (const path of reasons.keys()) {
    for (let at = parentPath(path); at !== rootPath && !reasons.has(at); at = parentPath(at))
      reasons.set(at, { kind: 'parent' });
  }
  return reasons;
}

/** A distribution's package comes before a language's, which it may hold. */
function ownersOf(
  packages: readonly Package[],
  files: ReadonlyMap<string, readonly OwnedFile[]>,
): ReadonlyMap<ImagePath, string> {
  const owners = new Map<ImagePath, string>();
  for (const { id, ownedBy } of packages) {
    if (ownedBy !== undefined) continue;
    for (const { path } of files.get(id) ?? []) if (!owners.has(path)) owners.set(path, id);
  }
  return owners;
}

function plannedPath({ path, type, size }: FileEntry, owner: string | undefined): PlannedPath {
  const bytes = type === 'file' ? size : 0;
  return { path, type, size: bytes, ...(owner === undefined ? {} : { package: owner }) };
}

function addShare(shares: Map<string, PackageShare>, id: string, size: number, isKept: boolean): void {
  const share = shares.get(id) ?? { id, keptFiles: 0, files: 0, keptBytes: 0, bytes: 0 };
  shares.set(id, {
    id,
    keptFiles: share.keptFiles + (isKept ? 1 : 0),
    files: share.files + 1,
    keptBytes: share.keptBytes + (isKept ? size : 0),
    bytes: share.bytes + size,
  });
}

function sumOf(paths: readonly PlannedPath[]): number {
  return paths.reduce((sum, { size }) => sum + size, 0);
}
