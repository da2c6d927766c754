import { ecosystemTraits, rangesApply } from '../advisories/ecosystems.ts';
import { rangeScheme } from '../advisories/listed-versions.ts';
import type { Affected, AffectedRange } from '../advisories/model.ts';
import { holdingRange } from '../advisories/range.ts';
import { versionSchemes } from '../versions/index.ts';
import type { VersionScheme } from '../versions/scheme.ts';

/** Why a version is affected. */
export type Evaluation =
  | { readonly kind: 'range'; readonly range: AffectedRange }
  | { readonly kind: 'listed'; readonly version: string };

/**
 * Whether a version is affected, as the OSV specification's evaluation algorithm says (ossf.github.io/osv-schema,
 * "Evaluation"): it is if one of the ranges holds it, or if it is listed. Where the specification leaves it open:
 *
 * - Listed versions are compared in the order of the ecosystem, so that PyPI's `1.0` is `1.0.0`.
 * - A version that has no place in that order (`(devel)`, `unknown`) is compared with listed versions as text, and no
 *   range holds it: it would be before everything, and so affected by most records.
 * - In an ecosystem without an order ranges say nothing.
 * - A record for bare `Alpine` or `Ubuntu` holds for its listed versions only, as OSV's own service does it.
 */
export function evaluateAffected(affected: Affected, version: string): Evaluation | undefined {
  const { scheme } = ecosystemTraits(affected.ecosystem);
  if (scheme === undefined) return listed(affected.versions, (other) => other === version);
  const order = versionSchemes[scheme];
  if (!hasPlace(order, version)) return listed(affected.versions, (other) => other === version);
  const range = rangesApply(affected.ecosystem)
    ? holdingRange(affected.ranges, version, rangeScheme(order))
    : undefined;
  if (range !== undefined) return { kind: 'range', range };
  return listed(affected.versions, (other) => order.compare(version, other) === 0);
}

function listed(versions: readonly string[], isEqual: (version: string) => boolean): Evaluation | undefined {
  const version = versions.find(isEqual);
  return version === undefined ? undefined : { kind: 'listed', version };
}

/** A text that sorts last among those that have no place in a scheme's order. */
const placeless = '\uFFFF';

/** Whether a scheme can put the version anywhere but before all others. */
export function hasPlace(scheme: VersionScheme, version: string): boolean {
  return scheme.isValid(version) || scheme.compare(version, placeless) > 0;
}
