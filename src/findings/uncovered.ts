import { coversEcosystem, packageQuery, unknownEcosystem } from '../advisories/coverage.ts';
import type { UncoveredReason } from '../advisories/feed.ts';
import type { AdvisoryStore } from '../advisories/store.ts';
import type { UpdateOutcome } from '../advisories/update.ts';
import { compareText } from '../core/compare-text.ts';
import { english } from '../i18n/en/index.ts';
import type { Distribution, Package } from '../inventory/model.ts';

/** Packages that were not checked, or only against older data. */
export interface UncoveredPackages {
  readonly ecosystem: string;
  /** In English; what it is made of follows. */
  readonly reason: string;
  readonly code: UncoveredReason;
  readonly feed?: string;
  readonly packages: number;
}

/**
 * Counts the packages about which the store has no answer, by ecosystem and reason. A feed that could not be reached
 * is named too where older data or another feed answered: newer records may exist.
 */
export function findUncovered(
  packages: readonly Package[],
  distribution: Distribution | undefined,
  store: Pick<AdvisoryStore, 'find' | 'parts'>,
  update: UpdateOutcome['uncovered'],
): readonly UncoveredPackages[] {
  const counts = new Map<string, UncoveredPackages>();
  for (const found of packages) {
    for (const problem of problemsOf(found, distribution, store, update)) {
      const { ecosystem, code, feed = '' } = problem;
      const reason = english.report.coverage.reasons[code](feed);
      const key = `${ecosystem}\n${reason}`;
      counts.set(key, { ...problem, reason, packages: (counts.get(key)?.packages ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => compareText(a.ecosystem, b.ecosystem) || compareText(a.reason, b.reason));
}

type Problem = Pick<UncoveredPackages, 'ecosystem' | 'code' | 'feed'>;

function problemsOf(
  found: Package,
  distribution: Distribution | undefined,
  store: Pick<AdvisoryStore, 'find' | 'parts'>,
  update: UpdateOutcome['uncovered'],
): readonly Problem[] {
  const query = packageQuery(found, distribution);
  if (query === undefined) return [{ ecosystem: unknownEcosystem(found, distribution), code: 'no-feed' }];
  const { ecosystem, name } = query;
  const related = update.filter((entry) => entry.ecosystem === ecosystem && (entry.package ?? name) === name);
  const lost = related.filter(({ reason }) => reason === 'unreachable' || reason === 'stale');
  const answered = isAnswered(ecosystem, name, store);
  const told = answered ? lost : related;
  if (told.length > 0) return told.map(({ reason: code, feed }) => ({ ecosystem, code, feed }));
  return answered ? [] : [{ ecosystem, code: silentReason(ecosystem, store) }];
}

function isAnswered(ecosystem: string, name: string, store: Pick<AdvisoryStore, 'find' | 'parts'>): boolean {
  return store.parts().some((part) => coversEcosystem(part, ecosystem)) || store.find(ecosystem, name).length > 0;
}

/** Why a store says nothing where no update said why. */
function silentReason(ecosystem: string, store: Pick<AdvisoryStore, 'parts'>): UncoveredReason {
  return store.parts().some((part) => part.ecosystems.includes(ecosystem)) ? 'not-checked' : 'offline';
}
