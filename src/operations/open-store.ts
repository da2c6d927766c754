import type { AdvisoryStore } from '../advisories/store.ts';
import { storeFolder } from '../configuration/folders.ts';
import type { Toolbox } from './toolbox.ts';

/** Milliseconds. One that writes a large feed takes minutes; one that died in it is noticed long before. */
const lockWait = 600_000;

/** Opens the advisory store of the configuration. One that must exist and does not throws `environment.no-store`. */
export async function openAdvisoryStore(
  { configuration, environment, context: { signal } }: Toolbox,
  readOnly: boolean,
): Promise<AdvisoryStore> {
  const { openStore } = await import('../advisories/store/open-store.ts');
  return openStore(storeFolder(configuration, environment), {
    readOnly,
    exclusive: async (path, write) => {
      const { withFileLock } = await import('../net/file-lock.ts');
      await withFileLock(path, write, { wait: lockWait, signal });
    },
  });
}
