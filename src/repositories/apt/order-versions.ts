import { versionSchemes } from '../../versions/index.ts';
import { type Pin, type PinPlace, pinPriority } from './pins.ts';

/** What is compared of a package in an archive. */
export interface PlacedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly source: string;
  readonly component: string;
}

export interface OrderOptions<Placed extends PlacedPackage> {
  readonly pins: readonly Pin[];
  readonly releaseOf: (found: Placed) => PinPlace['release'] | undefined;
}

/**
 * The versions of one package that may be taken, the highest priority first and of equal ones the newest. Of a version
 * that several suites have, the first is given.
 */
export function orderVersions<Placed extends PlacedPackage>(
  packages: readonly Placed[],
  { pins, releaseOf }: OrderOptions<Placed>,
): readonly Placed[] {
  const versions = new Map<string, { readonly first: Placed; readonly places: PinPlace[] }>();
  for (const found of packages) {
    const key = `${found.version} ${found.architecture}`;
    const known = versions.get(key) ?? { first: found, places: [] };
    const release = releaseOf(found);
    if (release !== undefined) known.places.push({ component: found.component, release });
    versions.set(key, known);
  }
  return [...versions.values()]
    .map(({ first, places }) => ({ first, priority: pinPriority({ ...first, places }, pins) }))
    .filter(({ priority }) => priority >= 0)
    .sort((a, b) => b.priority - a.priority || versionSchemes.deb.compare(b.first.version, a.first.version))
    .map(({ first }) => first);
}
