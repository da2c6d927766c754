import { distinctFindings, distinctKey, isOpen } from '../../findings/distinct.ts';
import type { Finding, Severity } from '../../findings/model.ts';
import { sourceGroup } from '../../findings/source-group.ts';
import type { Package } from '../../inventory/model.ts';
import { isCodeName } from '../../reach/code-name.ts';
import { isDocumentation } from '../../reach/documentation.ts';
import type { ReachGraph } from '../../reach/model.ts';
import type { Plan } from '../../reach/plan/model.ts';

/** One vulnerability of one source, with the packages of it that the image had. */
export interface PlanVulnerability {
  readonly id: string;
  /** `TYPE/SOURCE@SOURCE-VERSION`. */
  readonly group: string;
  readonly severity: Severity;
  /** Ids. */
  readonly packages: readonly string[];
}

/** What a plan does to the vulnerabilities of an image; counts are of distinct (id, group), suppressed ones left out. */
export interface PlanVulnerabilities {
  readonly before: number;
  readonly after: number;
  /** Every package that has them is dropped. */
  readonly gone: readonly PlanVulnerability[];
  /** How many each package of the image had, by id. */
  readonly packages: Readonly<Record<string, number>>;
  /** A package that has them is listed, and no code of its source is kept. */
  readonly codeGone: readonly PlanVulnerability[];
}

export interface PlannedImage {
  readonly plan: Plan;
  readonly graph: ReachGraph;
  readonly packages: readonly Package[];
}

/** Tells which vulnerabilities leave with what a plan drops. */
export function planVulnerabilities(findings: readonly Finding[], planned: PlannedImage): PlanVulnerabilities {
  const listed = new Set(planned.plan.packages.flatMap(({ id, fate }) => (fate === 'dropped' ? [] : [id])));
  const open = findings.filter(isOpen);
  const remaining = open.filter(({ packageId }) => listed.has(packageId));
  const stays = new Set(remaining.map(distinctKey));
  const packages = new Map<string, string[]>();
  for (const finding of open) {
    const key = distinctKey(finding);
    packages.set(key, [...(packages.get(key) ?? []), finding.packageId]);
  }
  const describe = (some: readonly Finding[]): PlanVulnerability[] =>
    distinctFindings(some).map((finding) => ({
      id: finding.id,
      group: finding.group,
      severity: finding.severity,
      packages: packages.get(distinctKey(finding)) ?? [],
    }));
  const counts = new Map<string, number>();
  for (const { packageId } of open) counts.set(packageId, (counts.get(packageId) ?? 0) + 1);
  const withoutCode = groupsWithoutCode(planned, listed);
  return {
    before: packages.size,
    after: stays.size,
    packages: Object.fromEntries(counts),
    gone: describe(open.filter((finding) => !stays.has(distinctKey(finding)))),
    codeGone: describe(remaining.filter(({ group }) => withoutCode.has(group))),
  };
}

/** Sources of listed packages of which no code is kept, in none of their binaries and in nothing that was built with them. */
function groupsWithoutCode({ plan, graph, packages }: PlannedImage, listed: ReadonlySet<string>): ReadonlySet<string> {
  const isCode = (path: string): boolean =>
    !isDocumentation(path) && (graph.nodes.get(path)?.code === true || isCodeName(path));
  const withCode = new Set(
    plan.entries.flatMap(({ fate, type, path, package: owner }) =>
      fate === 'kept' && type !== 'directory' && owner !== undefined && isCode(path) ? [owner] : [],
    ),
  );
  const bundled = new Set(
    packages.flatMap(({ id, builtUsing = [] }) => (listed.has(id) ? builtUsing.map(({ name }) => name) : [])),
  );
  const partial = new Set(plan.packages.flatMap(({ id, fate }) => (fate === 'partial' ? [id] : [])));
  const groups = new Set<string>();
  for (const one of packages) if (partial.has(one.id)) groups.add(sourceGroup(one));
  for (const one of packages) {
    const { id, name, source } = one;
    if (withCode.has(id) || bundled.has(source?.name ?? name)) groups.delete(sourceGroup(one));
  }
  return groups;
}
