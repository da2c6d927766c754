import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { CinzelError } from '../core/errors.ts';

export interface DispatcherOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Further certificate authorities, PEM; they are added to Node's own and to those of NODE_EXTRA_CA_CERTS and SSL_CERT_FILE. */
  readonly caFiles: readonly string[];
}

/** Chooses the connections that serve a request. */
export interface Dispatchers {
  /** `insecure` skips the check of certificates; `socketPath` goes to a Unix socket. */
  for(request: { readonly insecure: boolean; readonly socketPath?: string }): Dispatcher;
  close(): Promise<void>;
}

const timeouts = { connectTimeout: 15_000, headersTimeout: 60_000, bodyTimeout: 60_000 };

/** Makes connections that honour HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export async function createDispatchers({ environment, caFiles }: DispatcherOptions): Promise<Dispatchers> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const open = new Map<string, Dispatcher>();
  const once = (key: string, make: () => Dispatcher): Dispatcher => {
    const known = open.get(key) ?? make();
    open.set(key, known);
    return known;
  };
  const { connectTimeout, ...rest } = timeouts;
  return {
    for: ({ insecure, socketPath }) => {
      if (socketPath !== undefined) {
        // An engine may think for long before it answers, as when it exports a large image.
        return once(
          `socket ${socketPath}`,
          () => new Agent({ connect: { socketPath, timeout: connectTimeout }, headersTimeout: 0, bodyTimeout: 0 }),
        );
      }
      return once(insecure ? 'insecure' : 'secure', () => {
        const tls = insecure ? { rejectUnauthorized: false } : trust(caFiles, environment);
        const proxies = proxiesOf(environment);
        const connect = { ...tls, timeout: connectTimeout };
        return proxies === undefined
          ? new Agent({ ...rest, connect })
          : new EnvHttpProxyAgent({ ...rest, ...proxies, connect, requestTls: connect });
      });
    },
    close: async () => {
      await Promise.all([...open.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function trust(caFiles: readonly string[], environment: NodeJS.ProcessEnv): { readonly ca?: string[] } {
  // Node reads NODE_EXTRA_CA_CERTS itself, but not for connections that are given a list.
  const fromEnvironment = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].flatMap((name) => environment[name] ?? []);
  if (caFiles.length === 0 && fromEnvironment.length === 0) return {};
  const extra = [...caFiles.map(readCertificates), ...fromEnvironment.flatMap(readIfThere)];
  return { ca: [...rootCertificates, ...extra] };
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CinzelError(
      'environment.read',
      { path, problem: (cause as NodeJS.ErrnoException).code ?? '' },
      { cause },
    );
  }
}

function readIfThere(path: string): readonly string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}

interface Proxies {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

function proxiesOf(environment: NodeJS.ProcessEnv): Proxies | undefined {
  const httpProxy = environment['http_proxy'] || environment['HTTP_PROXY'];
  const httpsProxy = environment['https_proxy'] || environment['HTTPS_PROXY'];
  if (!httpProxy && !httpsProxy) return undefined;
  // Set even when empty, so that the library does not look at the process's own environment.
  const noProxy = environment['no_proxy'] ?? environment['NO_PROXY'] ?? '';
  return { noProxy, httpProxy: httpProxy ?? '', httpsProxy: httpsProxy ?? '' };
}
