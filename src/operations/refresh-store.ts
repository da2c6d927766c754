import type { FeedNeeds, UncoveredReason } from '../advisories/feed.ts';
import { storeFingerprint } from '../advisories/store/fingerprint.ts';
import type { AdvisoryStore } from '../advisories/store.ts';
import { type UpdateOutcome, updateStore } from '../advisories/update.ts';
import { storeFolder } from '../configuration/folders.ts';
import type { Diagnostic, Report } from '../core/diagnostics.ts';
import { sha256 } from '../core/digest.ts';
import { isCinzelError } from '../core/errors.ts';
import type { ContentCache } from '../net/content-cache.ts';
import { chosenFeeds } from './feeds.ts';
import { openAdvisoryStore } from './open-store.ts';
import type { Toolbox } from './toolbox.ts';

/** A store that is as new as it can be for some needs, and what the feeds said while it was made so. */
export interface RefreshedStore {
  /** Another one after every change of the store. */
  readonly fingerprint: string;
  /** Opens it; the caller closes it. */
  readonly open: () => Promise<AdvisoryStore>;
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
  /** The store as the update left it. */
  readonly fingerprint: string;
}

/**
 * Brings the store up to date for these needs: from the network when the last update for them is older than
 * `db.age`, and never when offline. Throws `environment.no-store` when offline and there is no store.
 */
export async function refreshStore(needs: FeedNeeds, toolbox: Toolbox): Promise<RefreshedStore> {
  const { configuration } = toolbox;
  const cache = await toolbox.cache();
  const key = memoryKey(needs, toolbox);
  const memory = parseMemory(await cache.get(key));
  const offline = configuration.get('offline');
  const fingerprint = fingerprintOf(toolbox);
  if (offline || (await isFresh(memory, fingerprint, toolbox)) || needs.ecosystems.length === 0) {
    const { outcome, diagnostics = [] } = memory ?? {};
    // Opening it makes an empty one where there is none, or says that there is none.
    if (fingerprint === undefined) await (await openAdvisoryStore(toolbox, offline)).close();
    return refreshed(toolbox, { ...(outcome === undefined ? {} : { outcome }), diagnostics });
  }
  return update(needs, key, toolbox);
}

/** The store as it is, with what the last update for these needs said. Undefined where there is none. */
export async function presentStore(needs: FeedNeeds, toolbox: Toolbox): Promise<RefreshedStore | undefined> {
  if (fingerprintOf(toolbox) === undefined) return undefined;
  const { outcome, diagnostics = [] } = parseMemory(await (await toolbox.cache()).get(memoryKey(needs, toolbox))) ?? {};
  return refreshed(toolbox, { ...(outcome === undefined ? {} : { outcome }), diagnostics });
}

async function update(needs: FeedNeeds, key: string, toolbox: Toolbox): Promise<RefreshedStore> {
  const cache = await toolbox.cache();
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const store = await openAdvisoryStore(toolbox, false);
  try {
    const outcome = await updateStore(await chosenFeeds(toolbox), needs, {
      http: await toolbox.http(),
      store,
      context: toolbox.context,
      cache,
      report,
    });
    const fresh = refreshed(toolbox, { outcome, diagnostics });
    await remember(key, { outcome, diagnostics, parts: partsOf(store), fingerprint: fresh.fingerprint }, cache);
    return fresh;
  } finally {
    await store.close();
  }
}

function refreshed(toolbox: Toolbox, told: Pick<RefreshedStore, 'outcome' | 'diagnostics'>): RefreshedStore {
  return { ...told, fingerprint: fingerprintOf(toolbox) ?? '', open: () => openAdvisoryStore(toolbox, true) };
}

function fingerprintOf({ configuration, environment }: Toolbox): string | undefined {
  return storeFingerprint(storeFolder(configuration, environment));
}

/** Whether the last update is young, and the store still has what it left, or newer. */
async function isFresh(
  memory: UpdateMemory | undefined,
  fingerprint: string | undefined,
  toolbox: Toolbox,
): Promise<boolean> {
  const ageLimit = toolbox.configuration.get('db.age') * 3_600_000;
  if (memory === undefined || fingerprint === undefined) return false;
  if (Date.now() - Date.parse(memory.at) >= ageLimit) return false;
  if (memory.fingerprint === fingerprint) return true;
  const store = await openAdvisoryStore(toolbox, true).catch(ignoreUnreadable);
  if (store === undefined) return false;
  try {
    const parts = partsOf(store);
    return Object.entries(memory.parts).every(([name, updatedAt]) => (parts[name] ?? '') >= updatedAt);
  } finally {
    await store.close();
  }
}

function memoryKey(needs: FeedNeeds, { configuration }: Toolbox): string {
  const settings = [configuration.get('feeds'), configuration.get('feeds.osv.url'), configuration.get('db.dir')];
  return `update/2/${sha256(JSON.stringify([settings, needs]))}`;
}

const passing: ReadonlySet<UncoveredReason> = new Set(['unreachable', 'stale', 'offline']);

async function remember(key: string, told: Omit<UpdateMemory, 'at'>, cache: ContentCache): Promise<void> {
  // What could not be reached may be there at the next try.
  if (told.outcome.uncovered.some(({ reason }) => passing.has(reason))) return;
  const memory: UpdateMemory = { at: new Date().toISOString(), ...told };
  await cache.put(key, Buffer.from(JSON.stringify(memory)));
}

function partsOf(store: AdvisoryStore): Readonly<Record<string, string>> {
  return Object.fromEntries(store.parts().map((part) => [`${part.id} ${part.part}`, part.updatedAt]));
}

function parseMemory(bytes: Uint8Array | undefined): UpdateMemory | undefined {
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as UpdateMemory);
}

/** What cannot be read may still be made anew. */
function ignoreUnreadable(error: unknown): undefined {
  if (!isCinzelError(error, 'untrusted.store')) throw error;
}
