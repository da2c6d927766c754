import { versionSchemes } from '../versions/index.ts';
import type { VersionScheme } from '../versions/scheme.ts';
import { ecosystemTraits, rangesApply } from './ecosystems.ts';
import type { Affected, AffectedRange } from './model.ts';
import { holdingRange } from './range.ts';

/**
 * The entry without the listed versions that its ranges hold anyway. Publishers list every version of the range,
 * hundreds for a Debian package; evaluation asks for listed *or* in range, so the answer is the same for each version.
 * Versions that are not valid in the ecosystem's scheme stay: they are compared as text.
 */
export function withoutRedundantVersions(affected: Affected): Affected {
  const { scheme } = ecosystemTraits(affected.ecosystem);
  if (scheme === undefined || affected.ranges.length === 0 || !rangesApply(affected.ecosystem)) return affected;
  const order = versionSchemes[scheme];
  const needed = affected.versions.filter(
    (version) => !order.isValid(version) || holdingRange(affected.ranges, version, rangeScheme(order)) === undefined,
  );
  return { ...affected, versions: needed };
}

/** The order in which a range's events stand: SEMVER ranges have their own in every ecosystem. */
export function rangeScheme(own: VersionScheme): (type: AffectedRange['type']) => VersionScheme {
  return (type) => (type === 'SEMVER' && own.id !== 'go' ? versionSchemes.semver : own);
}
