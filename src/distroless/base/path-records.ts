import type { ImagePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { readDiversions } from '../../inventory/catalogers/dpkg-diversions.ts';
import { ownedFiles } from '../../inventory/catalogers/dpkg-files.ts';
import type { ArchivePackage } from '../../repositories/apt/archive.ts';
import type { PathRecords } from './model.ts';
import { placeOf } from './place-on-base.ts';

const apart = '/var/lib/dpkg/status.d/';

/** Reads who brought each file of an image, and what is diverted in it. */
export async function pathRecords(filesystem: Filesystem, packages: readonly ArchivePackage[]): Promise<PathRecords> {
  const diversions = await readDiversions(filesystem);
  const owners = new Map<ImagePath, readonly ArchivePackage[]>();
  for (const one of packages) {
    const own = `${apart}${one.name}`;
    const evidence = filesystem.get(own) === undefined ? '/var/lib/dpkg/status' : own;
    for (const { path } of await ownedFiles(one, evidence, filesystem, diversions)) {
      owners.set(placeOf(path, filesystem), [one]);
    }
  }
  for (const [path, owner] of layerOwners(filesystem, packages)) if (!owners.has(path)) owners.set(path, owner);
  const placed = [...diversions].map(
    ([from, { to, by }]) => [placeOf(from, filesystem), { to: placeOf(to, filesystem), by }] as const,
  );
  return { owners, diversions: new Map(placed) };
}

/**
 * What records apart do not list: their checksums tell neither of links nor of configuration files. A layer with the
 * packages of one source holds what they brought; an image of one layer holds anything in it.
 */
function* layerOwners(
  filesystem: Filesystem,
  packages: readonly ArchivePackage[],
): Iterable<readonly [ImagePath, readonly ArchivePackage[]]> {
  const byLayer = new Map<number, ArchivePackage[]>();
  for (const one of packages) {
    const layer = filesystem.get(`${apart}${one.name}`)?.layer;
    if (layer !== undefined) byLayer.set(layer, [...(byLayer.get(layer) ?? []), one]);
  }
  if (filesystem.depth < 2) return;
  for (const { path, type, layer } of filesystem.entries()) {
    const found = byLayer.get(layer) ?? [];
    const isOfOneSource = new Set(found.map(({ source }) => source)).size === 1;
    if (isOfOneSource && type !== 'directory' && !path.startsWith(apart)) yield [path, found];
  }
}
