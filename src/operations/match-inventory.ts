import type { Diagnostic } from '../core/diagnostics.ts';
import { sha256 } from '../core/digest.ts';
import { findingsVersion } from '../findings/findings-version.ts';
import type { Finding } from '../findings/model.ts';
import type { Inventory } from '../inventory/model.ts';
import type { ScanResult } from '../report/model.ts';
import { version } from '../version.ts';
import type { RefreshedStore } from './refresh-store.ts';
import type { Toolbox } from './toolbox.ts';

/** What the store says of an inventory, before anybody judged it. */
export interface MatchedInventory {
  readonly findings: readonly Finding[];
  readonly advisories: NonNullable<ScanResult['advisories']>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Matches an inventory against the store; when neither changed since the last time, the answer comes from the cache
 * and the store is not opened. Without a key of the inventory nothing is cached.
 */
export async function matchInventory(
  inventory: Inventory,
  inventoryKey: string | undefined,
  refreshed: RefreshedStore,
  toolbox: Toolbox,
): Promise<MatchedInventory> {
  if (inventoryKey === undefined) return matchAnew(inventory, refreshed);
  const { fingerprint, outcome } = refreshed;
  const parts = [version, inventoryKey, fingerprint, outcome?.uncovered ?? []];
  const key = `findings/${findingsVersion}/${sha256(JSON.stringify(parts))}`;
  const cache = await toolbox.cache();
  const known = await cache.get(key);
  if (known !== undefined) return JSON.parse(Buffer.from(known).toString('utf8')) as MatchedInventory;
  const matched = await matchAnew(inventory, refreshed);
  await cache.put(key, Buffer.from(JSON.stringify(matched)));
  return matched;
}

async function matchAnew(inventory: Inventory, refreshed: RefreshedStore): Promise<MatchedInventory> {
  const { findVulnerabilities } = await import('../findings/find-vulnerabilities.ts');
  const store = await refreshed.open();
  try {
    const diagnostics: Diagnostic[] = [];
    const { findings, uncovered } = findVulnerabilities(inventory, store, {
      report: (diagnostic) => void diagnostics.push(diagnostic),
      ...(refreshed.outcome === undefined ? {} : { update: refreshed.outcome }),
    });
    const feeds = store.parts().map(({ id, part, updatedAt, records }) => ({ id, part, updatedAt, records }));
    return { findings, advisories: { feeds, uncovered }, diagnostics };
  } finally {
    await store.close();
  }
}
