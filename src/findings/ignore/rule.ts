import type { FixState } from '../model.ts';

/** What a user chose not to hear of. Every condition that is present must hold. */
export interface IgnoreRule {
  /** Where it stands: `.cinzel.yaml: ignore[2]`, `.trivyignore: line 4`. */
  readonly label: string;
  /** Vulnerability ids, aliases count; wildcards allowed. Empty: any. */
  readonly ids: readonly string[];
  /** Package URLs, wildcards allowed; one without version or qualifiers stands for all. */
  readonly purls: readonly string[];
  /** Globs of the paths that prove the package; without a leading slash they may begin anywhere below the root. */
  readonly paths: readonly string[];
  /** Package names, wildcards allowed; of the package or of its source. */
  readonly packages: readonly string[];
  readonly versions: readonly string[];
  /** Package types of the purl specification. */
  readonly types: readonly string[];
  readonly fixStates: readonly FixState[];
  readonly reason?: string;
  /** Last day on which it holds, ISO 8601. */
  readonly expires?: string;
  /** A rule without a reason does not hold where its format has a place for one. */
  readonly reasonRequired: boolean;
}

/** A rule without any condition, to be filled in. */
export function emptyRule(label: string): IgnoreRule {
  return {
    label,
    ids: [],
    purls: [],
    paths: [],
    packages: [],
    versions: [],
    types: [],
    fixStates: [],
    reasonRequired: false,
  };
}

/** Whether the rule names anything: one that does not would hide everything. */
export function hasCondition(rule: IgnoreRule): boolean {
  const { ids, purls, paths, packages, versions, types, fixStates } = rule;
  return [ids, purls, paths, packages, versions, types, fixStates].some((list) => list.length > 0);
}
