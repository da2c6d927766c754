import type { AdvisoryStore } from '../advisories/store.ts';
import { storeFolder } from '../configuration/folders.ts';
import type { Toolbox } from './toolbox.ts';

/** Opens the advisory store of the configuration. One that must exist and does not throws `environment.no-store`. */
export async function openAdvisoryStore(
  { configuration, environment }: Toolbox,
  readOnly: boolean,
): Promise<AdvisoryStore> {
  const { openStore } = await import('../advisories/store/open-store.ts');
  return openStore(storeFolder(configuration, environment), {
    readOnly,
    exclusive: async (path, write) => {
      const { withFileLock } = await import('../net/file-lock.ts');
      await withFileLock(path, write, { wait: 60_000 });
    },
  });
}
