import { CinzelError } from '../../core/errors.ts';
import { parseApkRelation } from '../../repositories/apk/relation.ts';
import type { LayerFile } from '../files.ts';
import { keepLinked } from '../keep-linked.ts';
import type { OpenedApkPackage } from './opened.ts';

/**
 * Gives each path to one package, as apk does: equal files are one, of two packages the one that says it replaces the
 * other has it, and of one origin the later. Throws `usage.conflict` otherwise. Packages in the order of installation.
 */
export function settleApks(packages: readonly OpenedApkPackage[]): readonly OpenedApkPackage[] {
  const owners = new Map<string, Owned>();
  for (const owner of packages) {
    for (const file of owner.files) {
      const { name, type } = file.header;
      const other = owners.get(name);
      if (other === undefined || (type === 'directory' && other.file.header.type === 'directory')) {
        if (other === undefined) owners.set(name, { owner, file });
        continue;
      }
      if (winner(other, { owner, file }) === owner) owners.set(name, { owner, file });
    }
  }
  return packages.map((one) => {
    const { files: all } = one;
    const files = all.filter((file) => isOwned(file, one, owners));
    return { ...one, files: keepLinked(files, { all, isLost: (name) => owners.get(name)?.owner !== one }) };
  });
}

interface Owned {
  readonly owner: OpenedApkPackage;
  readonly file: LayerFile;
}

/** Every package that has a folder keeps it. */
function isOwned({ header }: LayerFile, one: OpenedApkPackage, owners: ReadonlyMap<string, Owned>): boolean {
  const found = owners.get(header.name);
  return found?.owner === one || (header.type === 'directory' && found?.file.header.type === 'directory');
}

function winner(first: Owned, later: Owned): OpenedApkPackage {
  if (isSame(first.file, later.file)) return first.owner;
  const [own, theirs] = [priority(later.owner, first.owner), priority(first.owner, later.owner)];
  if (theirs > own) return first.owner;
  if (own >= 0) return later.owner;
  if (first.owner.locked.origin === later.owner.locked.origin) return later.owner;
  throw new CinzelError('usage.conflict', {
    path: `/${later.file.header.name}`,
    one: label(first.owner),
    other: label(later.owner),
  });
}

/** How much one package says that it replaces another (apk-package(5), `replaces_priority`); -1 when it does not. */
function priority({ info }: OpenedApkPackage, { locked }: OpenedApkPackage): number {
  const names = (info.get('replaces') ?? []).map((text) => parseApkRelation(text)?.name);
  return names.includes(locked.name) ? Number(info.get('replaces_priority')?.[0] ?? 0) : -1;
}

function isSame({ header: a, content: one }: LayerFile, { header: b, content: other }: LayerFile): boolean {
  const equal = a.type === b.type && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.link === b.link;
  return equal && Buffer.compare(one, other) === 0;
}

export function label({ locked: { name, version } }: OpenedApkPackage): string {
  return `${name} ${version}`;
}
