import { createContext } from '../../../core/context.ts';
import { createHttpClient } from '../../../net/http-client.ts';
import { type AptArchive, type OpenArchiveOptions, openArchive } from '../archive.ts';
import type { IndexCache } from '../release.ts';
import { makeTestArchive, serveTestArchive, type TestSuite } from './test-archive.ts';

/** A cache in memory. */
export function memoryCache(): IndexCache {
  const content = new Map<string, Uint8Array>();
  return {
    get: async (key) => content.get(key),
    put: async (key, bytes) => {
      content.set(key, bytes);
    },
  };
}

/** Makes an archive of these suites, serves it and opens it; `close` ends the server. */
export async function openTestArchive(
  suites: readonly TestSuite[],
  options: Partial<OpenArchiveOptions> = {},
): Promise<AptArchive & { readonly close: () => Promise<void> }> {
  const made = await makeTestArchive(suites);
  const served = await serveTestArchive(made);
  const http = createHttpClient({ retries: 0 });
  const archive = await openArchive({
    mirrors: served.mirrors,
    suites: suites.map(({ name }) => ({ archive: 'main', name })),
    components: ['main'],
    architecture: 'amd64',
    http,
    cache: memoryCache(),
    context: createContext(),
    keys: [made.key.publicKey],
    ...options,
  });
  return {
    ...archive,
    close: async () => {
      await http.close();
      await served.close();
    },
  };
}
