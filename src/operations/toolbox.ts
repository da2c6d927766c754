import { join } from 'node:path';
import { parseBytes } from '../configuration/bytes.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { cacheFolder } from '../configuration/folders.ts';
import { type Context, createContext } from '../core/context.ts';
import { CinzelError } from '../core/errors.ts';
import { defaultLimits, type Limits } from '../core/limits.ts';
import type { ProgressListener } from '../core/progress.ts';
import type { ContentCache } from '../net/content-cache.ts';
import type { Timeouts } from '../net/dispatcher.ts';
import type { HttpClient } from '../net/http.ts';

/** What operations share in one run. The network client and the cache are made when they are first needed. */
export interface Toolbox {
  readonly configuration: Configuration;
  readonly environment: NodeJS.ProcessEnv;
  readonly context: Context;
  /** Where ignore files of other scanners are looked for. */
  readonly folder: string;
  /** The ignore rules of the configuration file, as written. */
  readonly ignoreRules?: IgnoreRules;
  readonly http: () => Promise<HttpClient>;
  readonly cache: () => Promise<ContentCache>;
  readonly close: () => Promise<void>;
}

export interface IgnoreRules {
  readonly path: string;
  readonly items: readonly unknown[];
}

export interface ToolboxParts {
  readonly folder?: string;
  readonly ignoreRules?: IgnoreRules;
  readonly configuration: Configuration;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly progress?: ProgressListener;
}

export function createToolbox(parts: ToolboxParts): Toolbox {
  const { configuration, environment } = parts;
  const context = createContext({
    limits: limitsOf(configuration),
    ...(parts.signal === undefined ? {} : { signal: parts.signal }),
    ...(parts.progress === undefined ? {} : { progress: parts.progress }),
  });
  const cacheBytes = parseBytes(configuration.get('cache.size'), 'cache.size');
  let http: Promise<HttpClient> | undefined;
  let cache: Promise<ContentCache> | undefined;
  return {
    configuration,
    environment,
    context,
    folder: parts.folder ?? process.cwd(),
    ...(parts.ignoreRules === undefined ? {} : { ignoreRules: parts.ignoreRules }),
    http: () => {
      http ??= openHttp(configuration, environment);
      return http;
    },
    cache: () => {
      cache ??= openCache(cacheBytes, configuration, environment);
      return cache;
    },
    close: async () => {
      await (await http)?.close();
    },
  };
}

async function openHttp(configuration: Configuration, environment: NodeJS.ProcessEnv): Promise<HttpClient> {
  const { createHttpClient } = await import('../net/http-client.ts');
  return createHttpClient({
    offline: configuration.get('offline'),
    environment,
    caFiles: configuration.get('registry.ca') ?? [],
    insecureHosts: configuration.get('registry.insecure') ?? [],
    timeouts: timeoutsOf(configuration),
  });
}

/** A server that listens accepts a connection soon, even when it thinks for long about its answer. */
const longestConnect = 10_000;

function timeoutsOf(configuration: Configuration): Timeouts {
  const longest = configuration.get('timeout') * 1000;
  return { connect: Math.min(longest, longestConnect), headers: longest, body: longest };
}

async function openCache(
  maxBytes: number,
  configuration: Configuration,
  environment: NodeJS.ProcessEnv,
): Promise<ContentCache> {
  const { openContentCache } = await import('../net/content-cache.ts');
  return openContentCache(join(cacheFolder(configuration, environment), 'content'), { maxBytes });
}

function limitsOf(configuration: Configuration): Limits {
  const given = configuration.get('limits');
  if (given === undefined) return defaultLimits;
  const changed = Object.entries(given).map(([name, text]) => {
    if (!Object.hasOwn(defaultLimits, name)) {
      throw new CinzelError('usage.value', {
        name: '--limit',
        value: name,
        allowed: Object.keys(defaultLimits).join(', '),
      });
    }
    return [name, parseBytes(text, `--limit ${name}`)];
  });
  return { ...defaultLimits, ...Object.fromEntries(changed) };
}
