import { CinzelError } from '../core/errors.ts';
import { parentPath } from '../core/path.ts';
import type { FileGroup, LayerFile } from './files.ts';
import { keepLinked } from './keep-linked.ts';
import { replaces } from './packages/replaces.ts';
import { mergeUsr } from './packages/usr-merge.ts';

/**
 * Gives each path of an image one meaning: files of the system and of the application replace what packages bring,
 * of two packages that bring a path the one that says it replaces the other, and equal files are one. A hard link to
 * what its package lost keeps the content. Throws `usage.conflict` for any other path that two packages want, and for a
 * file below something that is no folder.
 */
export function settleFiles(groups: readonly FileGroup[], mergedUsr: boolean): readonly FileGroup[] {
  const placed = mergedUsr ? groups.map(underUsr) : groups;
  const owners = new Map<string, FileGroup>();
  const dropped = new Map<FileGroup, Set<string>>();
  const drop = (group: FileGroup, path: string): void => {
    dropped.set(group, (dropped.get(group) ?? new Set()).add(path));
  };
  for (const group of placed) {
    for (const file of group.files) {
      const { name } = file.header;
      const other = owners.get(name);
      if (other !== undefined && other !== group && bothPackages(group, other) && !isFolder(file)) {
        drop(settle({ file, group, other }), name);
      }
      if (dropped.get(group)?.has(name) !== true) owners.set(name, group);
    }
  }
  const settled = placed.map((group) => {
    const gone = dropped.get(group);
    const { files: all } = group;
    const files = gone === undefined ? all : all.filter(({ header }) => !gone.has(header.name));
    return { ...group, files: keepLinked(files, { all, isLost: (name) => owners.get(name) !== group }) };
  });
  checkParents(settled);
  return settled;
}

/** What recipes place goes where the links of a merged system lead. */
function underUsr(group: FileGroup): FileGroup {
  if (group.kind === 'package') return group;
  return { ...group, files: group.files.map((file) => ({ ...file, header: mergeUsr(file.header) ?? file.header })) };
}

function bothPackages(one: FileGroup, other: FileGroup): boolean {
  return one.kind === 'package' && other.kind === 'package';
}

function isFolder({ header }: LayerFile): boolean {
  return header.type === 'directory';
}

interface Clash {
  readonly file: LayerFile;
  readonly group: FileGroup;
  readonly other: FileGroup;
}

/** The group that loses the path. */
function settle({ file, group, other }: Clash): FileGroup {
  const rival = other.files.find(({ header }) => header.name === file.header.name);
  if (rival === undefined || isSame(file, rival)) return group;
  if (replaces(group, other)) return other;
  if (replaces(other, group)) return group;
  throw new CinzelError('usage.conflict', { path: `/${file.header.name}`, one: other.label, other: group.label });
}

function isSame(one: LayerFile, other: LayerFile): boolean {
  const { header: a } = one;
  const { header: b } = other;
  return (
    a.type === b.type &&
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.link === b.link &&
    Buffer.compare(one.content, other.content) === 0
  );
}

/** A file below a link would be written through it, to a place that nobody named. */
function checkParents(groups: readonly FileGroup[]): void {
  const kinds = new Map<string, { readonly isFolder: boolean; readonly label: string }>();
  for (const { files, label } of groups) {
    for (const file of files) kinds.set(`/${file.header.name}`, { isFolder: isFolder(file), label });
  }
  for (const [path, { label }] of kinds) {
    for (let parent = parentPath(path); parent !== '/'; parent = parentPath(parent)) {
      const found = kinds.get(parent);
      if (found?.isFolder === false) {
        throw new CinzelError('usage.conflict', { path: parent, one: found.label, other: label });
      }
    }
  }
}
