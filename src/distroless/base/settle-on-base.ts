import { CinzelError } from '../../core/errors.ts';
import { parentPath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { diversionOf } from '../../inventory/catalogers/dpkg-diversions.ts';
import type { FileGroup, LayerFile } from '../files.ts';
import { keepLinked } from '../keep-linked.ts';
import { replaces } from '../packages/replaces.ts';
import type { BaseImage } from './model.ts';

type Below = Pick<BaseImage, 'name' | 'filesystem' | 'records'>;

/**
 * Gives each path that a package brings and the image below has one meaning, as dpkg would (Policy 7.6.1): a diverted
 * file goes where the image says, an equal one is there already, of two packages the one that says it replaces the other
 * has the path, and what no package of the image owns is replaced. Throws `usage.conflict` otherwise, for a file in place
 * of a folder, and for a file below something that is no folder. What recipes place replaces anything else. Paths are
 * those of `placeOnBase`.
 */
export async function settleOnBase(groups: readonly FileGroup[], below: Below): Promise<readonly FileGroup[]> {
  const settled: FileGroup[] = [];
  for (const group of groups) {
    if (group.kind === 'package') settled.push(await settlePackage(group, below));
    else settled.push(group.yields === true ? yielding(group, below) : group);
  }
  for (const group of settled) for (const file of group.files) checkPlace(file, group, below);
  return settled;
}

function yielding(group: FileGroup, { filesystem }: Below): FileGroup {
  return { ...group, files: group.files.filter(({ header }) => filesystem.get(`/${header.name}`) === undefined) };
}

async function settlePackage(group: FileGroup, below: Below): Promise<FileGroup> {
  const all = group.files.map((file) => diverted(file, group, below));
  const outcomes = new Map<string, Outcome>();
  for (const file of all) outcomes.set(file.header.name, await outcomeOf(file, group, below));
  const linked = new Set(all.flatMap(({ header }) => (header.type === 'hardlink' ? [header.link] : [])));
  const files = all.filter(({ header: { name } }) => {
    const outcome = outcomes.get(name);
    // A hard link leads to a file of its own layer.
    return outcome === 'written' || (outcome === 'there' && linked.has(name));
  });
  return { ...group, files: keepLinked(files, { all, isLost: (name) => outcomes.get(name) === 'lost' }) };
}

/** What becomes of a file: it is written, an equal one is there already, or the path is another's. */
type Outcome = 'written' | 'there' | 'lost';

/** A hard link names what is diverted by its new name too. */
function diverted({ header, content }: LayerFile, { name = '' }: FileGroup, below: Below): LayerFile {
  const placeFor = (path: string): string => diversionOf(below.records.diversions, `/${path}`, name).slice(1);
  if (header.type === 'directory') return { header, content };
  const link = header.type === 'hardlink' && header.link !== undefined ? { link: placeFor(header.link) } : {};
  return { header: { ...header, ...link, name: placeFor(header.name) }, content };
}

/** A folder of the image that became a file would hide all that it holds, and a file that became one would be lost. */
function checkPlace({ header }: LayerFile, group: FileGroup, { name, filesystem }: Below): void {
  const path = `/${header.name}`;
  const there = filesystem.get(path);
  if (there !== undefined && (there.type === 'directory') !== (header.type === 'directory')) {
    throw conflict(path, name, group);
  }
  const parent = parentPath(path);
  if (filesystem.get(parent) !== undefined && filesystem.resolve(parent)?.type !== 'directory') {
    throw conflict(parent, name, group);
  }
}

async function outcomeOf(file: LayerFile, group: FileGroup, { filesystem, records }: Below): Promise<Outcome> {
  const path = `/${file.header.name}`;
  const owners = filesystem.get(path) === undefined ? [] : (records.owners.get(path) ?? []);
  const [owner] = owners;
  if (owner === undefined) return 'written';
  if (await isSame(file, path, filesystem)) return 'there';
  if (owners.some((one) => replaces(group, one))) return 'written';
  if (owners.some((one) => replaces(one, group))) return 'lost';
  throw conflict(path, `${owner.name} ${owner.version}`, group);
}

async function isSame({ header, content }: LayerFile, path: string, filesystem: Filesystem): Promise<boolean> {
  const there = filesystem.get(path);
  if (there?.type !== header.type || there.mode !== header.mode) return false;
  if (there.uid !== header.uid || there.gid !== header.gid || there.link !== header.link) return false;
  if (header.type !== 'file') return header.type === 'symlink';
  if (there.size !== content.length) return false;
  const bytes = await filesystem.read(path);
  return bytes !== undefined && Buffer.compare(bytes, content) === 0;
}

function conflict(path: string, one: string, { label }: FileGroup): CinzelError {
  return new CinzelError('usage.conflict', { path, one, other: label });
}
