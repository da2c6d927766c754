import { coversEcosystem, packageQuery, unknownEcosystem } from '../advisories/coverage.ts';
import type { UncoveredReason } from '../advisories/feed.ts';
import type { AdvisoryStore } from '../advisories/store.ts';
import type { UpdateOutcome } from '../advisories/update.ts';
import { compareText } from '../core/compare-text.ts';
import type { Distribution, Package } from '../inventory/model.ts';

/** Packages that were not checked, or only against older data. */
export interface UncoveredPackages {
  readonly ecosystem: string;
  readonly reason: string;
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
  const counts = new Map<string, { readonly ecosystem: string; readonly reason: string; packages: number }>();
  for (const found of packages) {
    for (const { ecosystem, reason } of problemsOf(found, distribution, store, update)) {
      const key = `${ecosystem}\n${reason}`;
      const entry = counts.get(key) ?? { ecosystem, reason, packages: 0 };
      entry.packages += 1;
      counts.set(key, entry);
    }
  }
  return [...counts.values()].sort((a, b) => compareText(a.ecosystem, b.ecosystem) || compareText(a.reason, b.reason));
}

interface Problem {
  readonly ecosystem: string;
  readonly reason: string;
}

function problemsOf(
  found: Package,
  distribution: Distribution | undefined,
  store: Pick<AdvisoryStore, 'find' | 'parts'>,
  update: UpdateOutcome['uncovered'],
): readonly Problem[] {
  const query = packageQuery(found, distribution);
  if (query === undefined) return [{ ecosystem: unknownEcosystem(found, distribution), reason: texts['no-feed']('') }];
  const { ecosystem, name } = query;
  const related = update.filter((entry) => entry.ecosystem === ecosystem && (entry.package ?? name) === name);
  const lost = related.filter(({ reason }) => reason === 'unreachable' || reason === 'stale');
  const answered = isAnswered(ecosystem, name, store);
  const told = answered ? lost : related;
  if (told.length > 0) return told.map(({ reason, feed }) => ({ ecosystem, reason: texts[reason](feed) }));
  return answered ? [] : [{ ecosystem, reason: texts[silentReason(ecosystem, store)]('') }];
}

function isAnswered(ecosystem: string, name: string, store: Pick<AdvisoryStore, 'find' | 'parts'>): boolean {
  return store.parts().some((part) => coversEcosystem(part, ecosystem)) || store.find(ecosystem, name).length > 0;
}

/** Why a store says nothing where no update said why. */
function silentReason(ecosystem: string, store: Pick<AdvisoryStore, 'parts'>): UncoveredReason {
  return store.parts().some((part) => part.ecosystems.includes(ecosystem)) ? 'not-checked' : 'offline';
}

const texts: Readonly<Record<UncoveredReason, (feed: string) => string>> = {
  'no-feed': () => 'no feed has records of this kind',
  'not-published': (feed) => `${feed} does not publish it`,
  unreachable: (feed) => `${feed} could not be reached`,
  stale: (feed) => `${feed} could not be reached; older data was used`,
  offline: () => 'the store has no data about it',
  'not-checked': () => 'the store has no answer about these packages',
};
