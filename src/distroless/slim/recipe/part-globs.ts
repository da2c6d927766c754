import { compareText } from '../../../core/compare-text.ts';

/** What a package has at each path: whether a slimmed image keeps it. */
export type OwnedPaths = ReadonlyMap<string, boolean>;

interface Folder {
  readonly path: string;
  readonly folders: Map<string, Folder>;
  readonly files: { readonly path: string; readonly kept: boolean }[];
}

/** Globs of a recipe that take a part of a package. */
export interface PartGlobs {
  readonly keep: readonly string[];
  readonly drop?: readonly string[];
}

/**
 * Globs, absolute and in order, that take every kept path of a package and no dropped one. A library is taken in whatever
 * patch level the package has it next; where `folds` says that all its paths are known, a folder that is kept whole or
 * nearly so is one glob, whatever it holds next, with what is dropped of it.
 */
export function partGlobs(owned: OwnedPaths, { folds }: { readonly folds: boolean }): PartGlobs {
  const dropped = [...owned].flatMap(([path, kept]) => (kept ? [] : [path]));
  const { keep, drop } = globsOf(treeOf(owned), { folds, dropped });
  const inOrder = (globs: readonly string[]): readonly string[] => [...new Set(globs)].sort(compareText);
  return { keep: inOrder(keep), ...(drop.length === 0 ? {} : { drop: inOrder(drop) }) };
}

function treeOf(owned: OwnedPaths): Folder {
  const root: Folder = { path: '', folders: new Map(), files: [] };
  for (const [path, kept] of owned) {
    let folder = root;
    for (const name of path.split('/').slice(1, -1)) {
      const next = folder.folders.get(name) ?? { path: `${folder.path}/${name}`, folders: new Map(), files: [] };
      folder.folders.set(name, next);
      folder = next;
    }
    folder.files.push({ path, kept });
  }
  return root;
}

interface Globbing {
  readonly folds: boolean;
  readonly dropped: readonly string[];
}

function globsOf(folder: Folder, globbing: Globbing): Required<PartGlobs> {
  const parts = [...folder.folders.values()].map((child) => globsOf(child, globbing));
  const listed = {
    keep: [
      ...folder.files.flatMap(({ path, kept }) => (kept ? [fileGlob(path, globbing.dropped)] : [])),
      ...parts.flatMap(({ keep }) => keep),
    ],
    drop: parts.flatMap(({ drop }) => drop),
  };
  // A folder at the root or below it is no part of a package: all packages share it.
  if (!globbing.folds || folder.path.split('/').length < 4) return listed;
  const whole = { keep: [`${escapeGlob(folder.path)}/**`], drop: droppedGlobs(folder) };
  return whole.drop.length === 0 || lines(whole) < lines(listed) ? whole : listed;
}

function lines({ keep, drop }: Required<PartGlobs>): number {
  return keep.length + drop.length;
}

function droppedGlobs(folder: Folder): readonly string[] {
  if (isDropped(folder)) return [`${escapeGlob(folder.path)}/**`];
  const own = folder.files.flatMap(({ path, kept }) => (kept ? [] : [escapeGlob(path)]));
  return [...own, ...[...folder.folders.values()].flatMap(droppedGlobs)];
}

function isDropped({ folders, files }: Folder): boolean {
  return files.every(({ kept }) => !kept) && [...folders.values()].every(isDropped);
}

/** `libx.so.1` and `libx.so.1.2.3`: the last numbers change from one version to the next. */
const library = /^(.+\.so)\.\d+(?:\.\d+)*$/;

function fileGlob(path: string, dropped: readonly string[]): string {
  const [, stem] = library.exec(path) ?? [];
  if (stem === undefined || dropped.some((other) => other.startsWith(`${stem}.`))) return escapeGlob(path);
  return `${escapeGlob(stem)}.*`;
}

/** A path as a glob that matches it alone (picomatch). */
export function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}()!+@|]/g, '\\$&');
}
