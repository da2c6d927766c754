import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from './configuration.ts';

/** Where the layer and download cache is: the setting, else Cinzel's folder in the user's cache (XDG Base Directory). */
export function cacheFolder(configuration: Configuration, environment: NodeJS.ProcessEnv): string {
  return configuration.get('cache.dir') ?? join(userCache(environment), 'cinzel');
}

/** Where the advisory store is. */
export function storeFolder(configuration: Configuration, environment: NodeJS.ProcessEnv): string {
  return configuration.get('db.dir') ?? join(userCache(environment), 'cinzel', 'db');
}

function userCache(environment: NodeJS.ProcessEnv): string {
  const xdg = environment['XDG_CACHE_HOME'];
  if (xdg?.startsWith('/') === true) return xdg;
  return join(environment['HOME'] ?? homedir(), '.cache');
}
