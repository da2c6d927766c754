import type { FeedNeeds } from '../advisories/feed.ts';
import type { AdvisoryStore } from '../advisories/store.ts';
import { type UpdateOutcome, updateStore } from '../advisories/update.ts';
import type { Diagnostic, Report } from '../core/diagnostics.ts';
import { sha256 } from '../core/digest.ts';
import { chosenFeeds } from './feeds.ts';
import { openAdvisoryStore } from './open-store.ts';
import type { Toolbox } from './toolbox.ts';

/** A store that is as new as it can be for some needs, and what the feeds said while it was made so. */
export interface RefreshedStore {
  readonly store: AdvisoryStore;
  readonly outcome?: UpdateOutcome;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is remembered of an update, so that the next scan of the same needs asks nobody while it is fresh. */
interface UpdateMemory {
  readonly at: string;
  readonly outcome: UpdateOutcome;
  readonly diagnostics: readonly Diagnostic[];
  /** The parts of the store as the update left them. */
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * Opens the store, brought up to date for these needs: from the network when the last update for them is older than
 * `db.age`, and never when offline. Throws `environment.no-store` when offline and there is no store.
 */
export async function refreshStore(needs: FeedNeeds, toolbox: Toolbox): Promise<RefreshedStore> {
  const { configuration, context } = toolbox;
  const cache = await toolbox.cache();
  const key = memoryKey(needs, toolbox);
  const memory = parseMemory(await cache.get(key));
  const offline = configuration.get('offline');
  const ageLimit = configuration.get('db.age') * 3_600_000;
  const isYoung = memory !== undefined && Date.now() - Date.parse(memory.at) < ageLimit;
  if (offline || isYoung || needs.ecosystems.length === 0) {
    const store = await openAdvisoryStore(toolbox, true).catch((error: unknown) => {
      if (offline || !isYoung) throw error;
      return undefined;
    });
    if (store !== undefined && (offline || isIntact(memory, store))) {
      return {
        store,
        ...(memory === undefined ? { diagnostics: [] } : { outcome: memory.outcome, diagnostics: memory.diagnostics }),
      };
    }
    await store?.close();
  }
  const store = await openAdvisoryStore(toolbox, false);
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const outcome = await updateStore(await chosenFeeds(toolbox), needs, {
    http: await toolbox.http(),
    store,
    context,
    cache,
    report,
  });
  await remember(key, { outcome, diagnostics, store }, cache);
  return { store, outcome, diagnostics };
}

function memoryKey(needs: FeedNeeds, { configuration }: Toolbox): string {
  const settings = [configuration.get('feeds'), configuration.get('feeds.osv.url'), configuration.get('db.dir')];
  return `update/1/${sha256(JSON.stringify([settings, needs]))}`;
}

async function remember(
  key: string,
  {
    outcome,
    diagnostics,
    store,
  }: { readonly outcome: UpdateOutcome; readonly diagnostics: readonly Diagnostic[]; readonly store: AdvisoryStore },
  cache: Awaited<ReturnType<Toolbox['cache']>>,
): Promise<void> {
  // What could not be reached may be there at the next try.
  if (outcome.uncovered.some(({ reason }) => reason === 'unreachable' || reason === 'offline')) return;
  const memory: UpdateMemory = { at: new Date().toISOString(), outcome, diagnostics, parts: partsOf(store) };
  await cache.put(key, Buffer.from(JSON.stringify(memory)));
}

function partsOf(store: AdvisoryStore): Readonly<Record<string, string>> {
  return Object.fromEntries(store.parts().map((part) => [`${part.id} ${part.part}`, part.updatedAt]));
}

/** Whether the store still has what the update left, or newer. */
function isIntact(memory: UpdateMemory | undefined, store: AdvisoryStore): boolean {
  if (memory === undefined) return false;
  const parts = partsOf(store);
  return Object.entries(memory.parts).every(([name, updatedAt]) => (parts[name] ?? '') >= updatedAt);
}

function parseMemory(bytes: Uint8Array | undefined): UpdateMemory | undefined {
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as UpdateMemory);
}
