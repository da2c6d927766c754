import type { VersionScheme } from '../versions/scheme.ts';
import type { AffectedRange, RangeEvent } from './model.ts';

/**
 * Whether a version lies in a range, as the OSV specification's evaluation algorithm says
 * (ossf.github.io/osv-schema, "Evaluation"):
 *
 * 1. Where the range has `limit` events, the version must be before at least one of them; `*` is after everything.
 * 2. The other events are taken in the order of their versions. Each that the version has reached switches:
 *    `introduced` on from its version, `fixed` off from its version, `last_affected` off after its version.
 * 3. The version is affected if the last switch was on.
 *
 * `introduced: "0"` is before every version. Events of one version apply in the order introduced, last_affected,
 * fixed, so that a fix wins over an introduction in the same version.
 */
export function rangeHolds(events: readonly RangeEvent[], version: string, scheme: VersionScheme): boolean {
  return beforeLimits(events, version, scheme) && lastSwitch(events, version, scheme);
}

function beforeLimits(events: readonly RangeEvent[], version: string, scheme: VersionScheme): boolean {
  let limited = false;
  for (const { limit } of events) {
    if (limit === undefined) continue;
    if (limit === '*' || scheme.compare(version, limit) < 0) return true;
    limited = true;
  }
  return !limited;
}

/**
 * Instead of sorting all events, keeps the greatest one that the version has reached: only the last switch decides.
 */
function lastSwitch(events: readonly RangeEvent[], version: string, scheme: VersionScheme): boolean {
  let last: ReachedEvent | undefined;
  for (const event of events) {
    const reached = reachedEvent(event, version, scheme);
    if (reached !== undefined && (last === undefined || follows(reached, last, scheme))) last = reached;
  }
  return last?.on ?? false;
}

interface ReachedEvent {
  /** Undefined: before every version. */
  readonly version: string | undefined;
  /** Place among events of one version. */
  readonly rank: number;
  readonly on: boolean;
}

function reachedEvent(event: RangeEvent, version: string, scheme: VersionScheme): ReachedEvent | undefined {
  if (event.introduced !== undefined) {
    if (event.introduced === '0') return { version: undefined, rank: 0, on: true };
    return scheme.compare(version, event.introduced) >= 0
      ? { version: event.introduced, rank: 0, on: true }
      : undefined;
  }
  if (event.last_affected !== undefined) {
    return scheme.compare(version, event.last_affected) > 0
      ? { version: event.last_affected, rank: 1, on: false }
      : undefined;
  }
  if (event.fixed !== undefined) {
    return scheme.compare(version, event.fixed) >= 0 ? { version: event.fixed, rank: 2, on: false } : undefined;
  }
  return undefined;
}

function follows(a: ReachedEvent, b: ReachedEvent, scheme: VersionScheme): boolean {
  if (a.version === undefined || b.version === undefined) return a.version !== undefined;
  const order = scheme.compare(a.version, b.version);
  return order !== 0 ? order > 0 : a.rank > b.rank;
}

/** The first of the ranges that holds the version. */
export function holdingRange(
  ranges: readonly AffectedRange[],
  version: string,
  schemeOf: (type: AffectedRange['type']) => VersionScheme,
): AffectedRange | undefined {
  return ranges.find((range) => rangeHolds(range.events, version, schemeOf(range.type)));
}
