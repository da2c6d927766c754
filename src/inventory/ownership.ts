import type { ImagePath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { OwnedFile, Package, PackageType } from './model.ts';

/** Managers that own files of a whole system; what they own, a language's tools only found lying there. */
const distributionTypes: ReadonlySet<PackageType> = new Set(['deb', 'apk', 'rpm']);

export function isDistributionPackage({ type }: { readonly type: PackageType }): boolean {
  return distributionTypes.has(type);
}

/**
 * Links language packages to the distribution package that owns the file which proves them. Both sides are compared
 * by where their paths really lead, since `/lib` and `/usr/lib` may be one folder.
 */
export function linkOwners(
  packages: readonly Package[],
  files: ReadonlyMap<string, readonly OwnedFile[]>,
  filesystem: Filesystem,
): readonly Package[] {
  const wanted = new Map<ImagePath, string | undefined>();
  for (const { path } of packages.filter((found) => !isDistributionPackage(found)).map(({ evidence }) => evidence[0])) {
    wanted.set(path, undefined);
  }
  if (wanted.size === 0) return packages;
  const names = new Set([...wanted.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)));
  for (const owner of packages.filter(isDistributionPackage)) {
    for (const { path } of files.get(owner.id) ?? []) {
      if (!names.has(path.slice(path.lastIndexOf('/') + 1))) continue;
      const real = wanted.has(path) ? path : filesystem.resolve(path)?.path;
      if (real !== undefined && wanted.has(real)) wanted.set(real, owner.id);
    }
  }
  return packages.map((found) => {
    const owner = isDistributionPackage(found) ? undefined : wanted.get(found.evidence[0].path);
    return owner === undefined ? found : { ...found, ownedBy: owner };
  });
}
