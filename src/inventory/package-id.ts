import { compareText } from '../core/compare-text.ts';
import type { CatalogedPackage } from './cataloger.ts';
import type { Package, PackageType } from './model.ts';

/** What tells a package from all others in an inventory; see `Package.id`. */
export function packageId({ type, name, version, architecture, location }: CatalogedPackage): string {
  const suffix = `${architecture === undefined ? '' : `:${architecture}`}${location === undefined ? '' : `#${location}`}`;
  return `${type}/${name}@${version}${suffix}`;
}

/** The order of packages everywhere: type, name, version, id. */
export function comparePackages(a: Package, b: Package): number {
  return (
    compareText(a.type, b.type) ||
    compareText(a.name, b.name) ||
    compareText(a.version, b.version) ||
    compareText(a.id, b.id)
  );
}

/** Managers of whole systems: what they own, a language's manager merely finds lying there. */
export function isDistributionType(type: PackageType): boolean {
  return type === 'deb' || type === 'apk' || type === 'rpm';
}
