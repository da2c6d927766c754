import type { ArchivePackage } from './archive.ts';
import type { IndexedPackage } from './indexed-package.ts';
import type { PackageIndex } from './packed-index.ts';

/** Where an index was found. */
export type Place = Pick<ArchivePackage, 'archive' | 'suite' | 'component' | 'origin' | 'published'>;

/** What one index has, with the place of the index. */
export interface PlacedIndex {
  readonly named: (name: string) => readonly ArchivePackage[];
  readonly providing: (name: string) => readonly ArchivePackage[];
  readonly builtFrom: (source: string) => readonly ArchivePackage[];
}

/** The same package is the same value, however it is found. */
export function placeIndex(index: PackageIndex, place: Place): PlacedIndex {
  const known = new Map<IndexedPackage, ArchivePackage>();
  function placed(found: IndexedPackage): ArchivePackage {
    const one = known.get(found) ?? { ...found, ...place };
    known.set(found, one);
    return one;
  }
  return {
    named: (name) => index.named(name).map(placed),
    providing: (name) => index.providing(name).map(placed),
    builtFrom: (source) => index.builtFrom(source).map(placed),
  };
}
