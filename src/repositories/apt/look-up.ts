import { versionSchemes } from '../../versions/index.ts';
import type { AptArchive, ArchivePackage, ArchiveSource } from './archive.ts';
import { type OrderOptions, orderVersions } from './order-versions.ts';
import type { PlacedIndex } from './place-packages.ts';

/** Finds packages over some indexes, whose order counts. */
export function lookUp(
  indexes: readonly PlacedIndex[],
  order: OrderOptions<ArchivePackage>,
): Pick<AptArchive, 'newest' | 'versionsOf' | 'providersOf' | 'rankOf'> {
  return {
    newest: (source) => newestOf(indexes.flatMap(({ builtFrom }) => builtFrom(source))),
    versionsOf: (name) =>
      orderVersions(
        indexes.flatMap(({ named }) => named(name)),
        order,
      ),
    providersOf: (name) => indexes.flatMap(({ providing }) => providing(name)),
    rankOf: (name) => rankIn(indexes, name),
  };
}

/** What an index has comes before what only later ones have. */
function rankIn(indexes: readonly PlacedIndex[], name: string): number {
  for (const [number, { named }] of indexes.entries()) {
    const [first] = named(name);
    if (first !== undefined) return number * 2 ** 32 + first.rank;
  }
  return Number.MAX_SAFE_INTEGER;
}

function newestOf(packages: readonly ArchivePackage[]): ArchiveSource | undefined {
  let version: string | undefined;
  for (const { sourceVersion } of packages) {
    if (version === undefined || versionSchemes.deb.compare(sourceVersion, version) > 0) version = sourceVersion;
  }
  if (version === undefined) return undefined;
  return { version, binaries: packages.filter(({ sourceVersion }) => sourceVersion === version) };
}
