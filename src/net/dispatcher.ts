import type { Dispatcher } from 'undici';
import { trustedCertificates } from './certificates.ts';
import { proxyFor } from './proxy.ts';

/** Longest waits in milliseconds: for a connection, for the head of an answer, and between two pieces of its body. */
export interface Timeouts {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
}

export interface DispatcherOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Files of further certificate authorities, PEM. */
  readonly caFiles: readonly string[];
  readonly timeouts: Timeouts;
}

export interface Route {
  readonly url: URL;
  /** Skips the check of certificates. */
  readonly insecure: boolean;
  /** Unix socket to connect to instead of the URL's host. */
  readonly socketPath?: string;
}

/** Chooses the connections that serve a request, and keeps them open for the next. */
export interface Dispatchers {
  for(route: Route): Dispatcher;
  close(): Promise<void>;
}

export async function createDispatchers(options: DispatcherOptions): Promise<Dispatchers> {
  const { Agent, ProxyAgent } = await import('undici');
  const { environment, caFiles, timeouts } = options;
  const ca = trustedCertificates(caFiles, environment);
  const trust = ca === undefined ? {} : { ca: [...ca] };
  const waits = { headersTimeout: timeouts.headers, bodyTimeout: timeouts.body };
  const open = new Map<string, Dispatcher>();

  function toSocket(socketPath: string): Dispatcher {
    // An engine may think for long before it answers, as when it exports a large image.
    return new Agent({ connect: { socketPath, timeout: timeouts.connect }, headersTimeout: 0, bodyTimeout: 0 });
  }

  function toHost(insecure: boolean, proxy: string | undefined): Dispatcher {
    const connect = { ...(insecure ? { rejectUnauthorized: false } : trust), timeout: timeouts.connect };
    if (proxy === undefined) return new Agent({ ...waits, connect });
    // Proxies commonly refuse tunnels to other ports than TLS's; plain HTTP is handed over request by request.
    return new ProxyAgent({ ...waits, uri: proxy, proxyTunnel: false, connect, requestTls: connect, proxyTls: trust });
  }

  return {
    for: ({ url, insecure, socketPath }) => {
      const proxy = socketPath === undefined ? proxyFor(url, environment) : undefined;
      const key = JSON.stringify([socketPath, insecure, proxy]);
      const known = open.get(key) ?? (socketPath === undefined ? toHost(insecure, proxy) : toSocket(socketPath));
      open.set(key, known);
      return known;
    },
    close: async () => {
      await Promise.all([...open.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}
