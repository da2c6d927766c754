import type { PackagePin } from '../recipe/model.ts';
import type { LockedPackage } from './model.ts';

/** A package of which another version was taken than the one that a pin prefers to all. */
export interface UnmetPin {
  readonly name: string;
  readonly pinned: string;
  readonly version: string;
}

/** Packages that are pinned to one version, by name, and were locked in another: no source has the pinned one. */
export function unmetPins(pins: readonly PackagePin[], packages: readonly LockedPackage[]): readonly UnmetPin[] {
  return packages.flatMap(({ name, version }) => {
    const own = pins.find((pin) => pin.packages.includes(name));
    const pinned = own?.version;
    if (own === undefined || pinned === undefined || /[*?]/.test(pinned)) return [];
    return own.priority < 500 || pinned === version ? [] : [{ name, pinned, version }];
  });
}
