import type { RangeEvent } from '../advisories/model.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
/** Worst first; unknown is a rank of its own. */
export type Severity = (typeof severities)[number];

export type FixState = 'fixed' | 'not-fixed' | 'wont-fix' | 'unknown';

export type Verdict =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'suppressed' | 'denied';
      /** Which mechanism: `ignore`, `vex`, `rule`, `baseline`, `policy`. */
      readonly by: string;
      readonly reason: string;
      /** ISO date after which it is open again. */
      readonly expires?: string;
    };

export interface Reachability {
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly reason: string;
  readonly chain?: readonly string[];
}

/** A vulnerability of an installed package. */
export interface Finding {
  /** The CVE if there is one, else the first of GHSA, distribution id, other. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly packageId: string;
  readonly purl: string;
  readonly installedVersion: string;
  /** `TYPE/SOURCE@SOURCE-VERSION`: binaries of one source share it, and counts are of distinct (id, group). */
  readonly group: string;
  readonly severity: Severity;
  /** Base score 0–10 of the vector. */
  readonly score?: number;
  readonly vector?: string;
  /** Who rated it: the advisory's id and scale. */
  readonly severitySource?: string;
  readonly summary?: string;
  readonly published?: string;
  readonly fix: { readonly state: FixState; readonly version?: string };
  /** The layer that brought the package. */
  readonly layer: number;
  readonly reachable: Reachability;
  /** Every record that says so. */
  readonly sources: readonly { readonly feed: string; readonly id: string; readonly url: string }[];
  readonly match: {
    /** How the package was found in the advisory: `name`, `source`, `changelog`. */
    readonly rule: string;
    /** Events of the range that holds, or the listed version. */
    readonly range: readonly RangeEvent[] | string;
    /** The version that was compared: the source's, for deb and apk. */
    readonly comparedVersion: string;
  };
  readonly verdict: Verdict;
}
