import { setTimeout as pause } from 'node:timers/promises';
import { CinzelError } from '../core/errors.ts';
import type { Problem } from '../core/problems.ts';
import { version } from '../version.ts';
import { createDispatchers, type Dispatchers, type Timeouts } from './dispatcher.ts';
import type { HttpClient, HttpRequest, HttpResponse } from './http.ts';
import { createResponse, dropBody, type RawResponse } from './http-response.ts';
import { networkError } from './network-error.ts';
import { proxyFor } from './proxy.ts';
import { type Hop, nextHop } from './redirect.ts';
import { isPassing, isPassingFault, type RetryPolicy, readRetryAfter, waitBefore } from './retry.ts';
import { withoutSecrets } from './url.ts';

export interface HttpClientOptions {
  /** Forbids every request over the network; Unix sockets are of this machine and stay open. */
  readonly offline?: boolean;
  /** Where proxies and certificate authorities are named; nothing is taken from the process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Files of certificate authorities, PEM, to trust besides the usual ones. */
  readonly caFiles?: readonly string[];
  /** `host` or `host:port` whose certificate is not checked. */
  readonly insecureHosts?: readonly string[];
  readonly userAgent?: string;
  readonly retries?: number;
  readonly timeouts?: Partial<Timeouts>;
  /** Waits so many milliseconds before a request is repeated. */
  readonly sleep?: RetryPolicy['sleep'];
}

const defaultTimeouts: Timeouts = { connect: 10_000, headers: 60_000, body: 60_000 };
const redirectLimit = 10;
/** Asking twice for these does no harm (RFC 9110 9.2.2). */
const repeatable = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/** Makes a client over undici. Nothing is opened, and undici is not loaded, before the first request. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const policy: RetryPolicy = {
    retries: options.retries ?? 3,
    firstWait: 500,
    longestWait: 30_000,
    sleep: options.sleep ?? sleep,
    random: Math.random,
  };
  return new Client(options, policy);
}

async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(milliseconds, undefined, signal === undefined ? {} : { signal });
}

class Client implements HttpClient {
  readonly #options: HttpClientOptions;
  readonly #policy: RetryPolicy;
  #dispatchers: Promise<Dispatchers> | undefined;

  constructor(options: HttpClientOptions, policy: RetryPolicy) {
    this.#options = options;
    this.#policy = policy;
  }

  async request(address: string | URL, request: HttpRequest = {}): Promise<HttpResponse> {
    const url = parseUrl(address);
    if (this.#options.offline === true && request.socketPath === undefined) {
      throw new CinzelError('environment.offline', { what: withoutSecrets(url) });
    }
    const raw = await this.#withRetries(url, request);
    if (isAnswer(raw, request)) return createResponse(raw);
    dropBody(raw.body);
    if (raw.status === 401 || raw.status === 403) {
      throw new CinzelError('environment.unauthorized', { host: raw.url.host });
    }
    const asked = readRetryAfter(raw.headers['retry-after'], Date.now());
    throw new CinzelError('environment.http', {
      url: withoutSecrets(raw.url),
      status: raw.status,
      ...(asked === undefined ? {} : { retryAfter: Math.ceil(asked / 1000) }),
    });
  }

  async close(): Promise<void> {
    // Connections that could not even be prepared have told so to whoever asked for them.
    const dispatchers = await this.#dispatchers?.catch(() => undefined);
    await dispatchers?.close();
  }

  async #withRetries(url: URL, request: HttpRequest): Promise<RawResponse> {
    const retries = canRepeat(request) ? (request.retries ?? this.#policy.retries) : 0;
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt >= retries;
      let asked: number | undefined;
      try {
        const raw = await this.#follow(url, request);
        if (isLast || !isPassing(raw.status) || isAnswer(raw, request)) return raw;
        asked = readRetryAfter(raw.headers['retry-after'], Date.now());
        if (asked !== undefined && asked > this.#policy.longestWait) return raw;
        dropBody(raw.body);
      } catch (cause) {
        const isLocal = request.socketPath !== undefined;
        if (isLast || isLocal || request.signal?.aborted === true || !isPassingFault(cause)) throw cause;
      }
      await this.#policy.sleep(waitBefore(attempt, asked, this.#policy), request.signal);
    }
  }

  async #follow(url: URL, request: HttpRequest): Promise<RawResponse> {
    const { method = 'GET', headers = {}, authorization } = request;
    let hop: Hop = { url, method, headers, ...(authorization === undefined ? {} : { authorization }) };
    for (let hops = 0; hops <= redirectLimit; hops++) {
      const raw = await this.#send(hop, request);
      if (request.accept?.includes(raw.status) === true) return raw;
      const next = nextHop(hop, raw.status, raw.headers['location'], canRepeat(request));
      if (next === undefined) return raw;
      dropBody(raw.body);
      if (hop.url.protocol === 'https:' && next.url.protocol === 'http:' && !this.#isInsecure(next.url)) {
        throw fault(next.url, 'redirect-leaves-tls');
      }
      hop = next;
    }
    throw fault(url, 'endless-redirects');
  }

  async #send({ url, method, headers, authorization }: Hop, request: HttpRequest): Promise<RawResponse> {
    const { socketPath, body, signal } = request;
    const proxy = socketPath === undefined ? this.#proxyName(url) : undefined;
    try {
      const { request: send } = await import('undici');
      const route = { url, insecure: this.#isInsecure(url), ...(socketPath === undefined ? {} : { socketPath }) };
      const answer = await send(url, {
        dispatcher: (await this.#connections()).for(route),
        method,
        headers: {
          'user-agent': this.#options.userAgent ?? `cinzel/${version}`,
          ...headers,
          ...(authorization === undefined ? {} : { authorization }),
        },
        ...(body === undefined ? {} : { body: body as never }),
        ...(signal === undefined ? {} : { signal }),
      });
      return {
        status: answer.statusCode,
        headers: flatten(answer.headers),
        url,
        proxy,
        body: answer.body,
        isHead: method === 'HEAD',
        signal,
      };
    } catch (cause) {
      throw networkError({ url: withoutSecrets(url), proxy }, cause, signal);
    }
  }

  #connections(): Promise<Dispatchers> {
    const { environment = {}, caFiles = [], timeouts } = this.#options;
    this.#dispatchers ??= createDispatchers({ environment, caFiles, timeouts: { ...defaultTimeouts, ...timeouts } });
    return this.#dispatchers;
  }

  /** The proxy on the way to an address, as it may be shown. */
  #proxyName(url: URL): string | undefined {
    const proxy = proxyFor(url, this.#options.environment ?? {});
    if (proxy === undefined) return undefined;
    const { protocol, host } = URL.canParse(proxy) ? new URL(proxy) : { protocol: '', host: '' };
    if (host !== '') return `${protocol}//${host}`;
    throw new CinzelError('environment.network', {
      url: withoutSecrets(url),
      problem: 'proxy-address',
      proxy: proxy.slice(proxy.lastIndexOf('@') + 1),
    });
  }

  #isInsecure(url: URL): boolean {
    const hosts = this.#options.insecureHosts ?? [];
    return hosts.includes(url.host) || hosts.includes(url.hostname);
  }
}

function canRepeat({ method = 'GET', body }: HttpRequest): boolean {
  const isStreamed = typeof body === 'object' && !(body instanceof Uint8Array);
  return repeatable.has(method) && !isStreamed;
}

function isAnswer({ status }: RawResponse, { accept }: HttpRequest): boolean {
  return (status >= 200 && status < 300) || accept?.includes(status) === true;
}

function parseUrl(address: string | URL): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CinzelError('environment.network', { url: String(address), problem: 'no-web-address' });
}

function fault(url: URL, problem: Problem): CinzelError {
  return new CinzelError('environment.network', { url: withoutSecrets(url), problem });
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
