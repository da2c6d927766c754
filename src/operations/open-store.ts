import type { Exclusive } from '../advisories/store/open-store.ts';
import type { AdvisoryStore } from '../advisories/store.ts';
import { storeFolder } from '../configuration/folders.ts';
import { type CinzelError, isCinzelError } from '../core/errors.ts';
import { withFileLock } from '../net/file-lock.ts';
import type { Toolbox } from './toolbox.ts';

/** Milliseconds. One that writes a large feed takes minutes; one that died in it is noticed long before. */
const lockWait = 600_000;

/** Opens the advisory store of the configuration. One that must exist and does not throws `environment.no-store`. */
export async function openAdvisoryStore(toolbox: Toolbox, readOnly: boolean): Promise<AdvisoryStore> {
  const { openStore } = await import('../advisories/store/open-store.ts');
  const { configuration, environment } = toolbox;
  return openStore(storeFolder(configuration, environment), { readOnly, exclusive: exclusiveOf(toolbox) });
}

/**
 * Runs a job that writes to the store. If the store turns out to be damaged, it is removed and the job run again;
 * `onRemoved` is told of it.
 */
export async function renewingStore<Result>(
  toolbox: Toolbox,
  job: () => Promise<Result>,
  onRemoved: (damage: CinzelError<'untrusted.store'>) => void,
): Promise<Result> {
  const { removeStore, storeIdentity } = await import('../advisories/store/remove-store.ts');
  const { configuration, environment } = toolbox;
  const folder = storeFolder(configuration, environment);
  const identity = storeIdentity(folder);
  try {
    return await job();
  } catch (error) {
    if (!isCinzelError(error, 'untrusted.store')) throw error;
    await removeStore(folder, identity, exclusiveOf(toolbox));
    onRemoved(error);
    return job();
  }
}

function exclusiveOf({ context: { signal } }: Toolbox): Exclusive {
  return async (path, write) => {
    await withFileLock(path, write, { wait: lockWait, signal });
  };
}
