import { type PackageQuery, packageQuery, queriedEcosystems } from '../advisories/coverage.ts';
import type { AdvisoryStore, PackageAffected } from '../advisories/store.ts';
import type { Distribution, Package } from '../inventory/model.ts';
import { type Evaluation, evaluateAffected } from './osv-evaluate.ts';

/** An advisory that holds for a package, with the rule that matched. */
export interface Match {
  readonly package: Package;
  readonly query: PackageQuery;
  readonly feed: string;
  /** The affected entry that holds, and with it the record. */
  readonly affected: PackageAffected;
  readonly evaluation: Evaluation;
}

/** The advisories of the store that hold for a package: one match for each record of each feed. */
export function matchPackage(
  found: Package,
  distribution: Distribution | undefined,
  store: Pick<AdvisoryStore, 'find'>,
): readonly Match[] {
  const query = packageQuery(found, distribution);
  if (query === undefined) return [];
  const matches = new Map<string, Match>();
  for (const ecosystem of queriedEcosystems(query.ecosystem)) {
    for (const { feed, affected } of store.find(ecosystem, query.name)) {
      for (const entry of affected()) {
        const key = `${feed}\n${entry.id}`;
        const evaluation = matches.has(key) ? undefined : evaluateAffected(entry, query.version);
        if (evaluation === undefined) continue;
        matches.set(key, { package: found, query, feed, affected: entry, evaluation });
      }
    }
  }
  return [...matches.values()];
}
