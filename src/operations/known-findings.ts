import { feedNeeds } from '../advisories/update.ts';
import type { Finding } from '../findings/model.ts';
import type { Inventory } from '../inventory/model.ts';
import type { ScanResult } from '../report/model.ts';
import { matchInventory } from './match-inventory.ts';
import { presentStore } from './refresh-store.ts';
import type { Toolbox } from './toolbox.ts';

/** What the store says as it is. */
export interface KnownFindings {
  readonly findings: readonly Finding[];
  /** What no feed answered: the absence of findings there says nothing. */
  readonly uncovered: NonNullable<ScanResult['advisories']>['uncovered'];
}

/** The findings of an inventory by the store as it is; nothing is fetched. Undefined where there is no store. */
export async function knownFindings(
  inventory: Inventory,
  key: string | undefined,
  toolbox: Toolbox,
): Promise<KnownFindings | undefined> {
  const store = await presentStore(feedNeeds(inventory.packages, inventory.distribution), toolbox);
  if (store === undefined) return undefined;
  const { findings, advisories } = await matchInventory(inventory, key, store, toolbox);
  return { findings, uncovered: advisories.uncovered };
}
