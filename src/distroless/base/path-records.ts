import type { ImagePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { readDiversions } from '../../inventory/catalogers/dpkg-diversions.ts';
import { ownedFiles } from '../../inventory/catalogers/dpkg-files.ts';
import type { ArchivePackage } from '../../repositories/apt/archive.ts';
import type { PathRecords } from './model.ts';
import { placeOf } from './place-on-base.ts';

/** Reads who brought each file of an image, and what is diverted in it. */
export async function pathRecords(filesystem: Filesystem, packages: readonly ArchivePackage[]): Promise<PathRecords> {
  const diversions = await readDiversions(filesystem);
  const owners = new Map<ImagePath, ArchivePackage>();
  for (const one of packages) {
    const apart = `/var/lib/dpkg/status.d/${one.name}`;
    const evidence = filesystem.get(apart) === undefined ? '/var/lib/dpkg/status' : apart;
    for (const { path } of await ownedFiles(one, evidence, filesystem, diversions)) {
      owners.set(placeOf(path, filesystem), one);
    }
  }
  const placed = [...diversions].map(
    ([from, { to, by }]) => [placeOf(from, filesystem), { to: placeOf(to, filesystem), by }] as const,
  );
  return { owners, diversions: new Map(placed) };
}
