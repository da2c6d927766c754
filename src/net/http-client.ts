import { setTimeout as sleep } from 'node:timers/promises';
import { CinzelError, isCinzelError } from '../core/errors.ts';
import { version } from '../version.ts';
import { createDispatchers, type Dispatchers } from './dispatcher.ts';
import type { HttpClient, HttpRequest, HttpResponse } from './http.ts';
import { createResponse, networkError, type RawResponse } from './http-response.ts';
import { isPassing, type RetryPolicy, waitBefore } from './retry.ts';

export interface HttpClientOptions {
  /** Forbids every request over the network; Unix sockets are of this machine and stay open. */
  readonly offline?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  readonly caFiles?: readonly string[];
  /** `host` or `host:port` whose certificate is not checked. */
  readonly insecureHosts?: readonly string[];
  readonly userAgent?: string;
  readonly retries?: number;
  /** For tests: waiting, in milliseconds. */
  readonly sleep?: RetryPolicy['sleep'];
}

const redirectLimit = 10;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Asking twice for these does no harm (RFC 9110 9.2.2). */
const repeatable = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const policy: RetryPolicy = {
    retries: options.retries ?? 4,
    firstWait: 500,
    longestWait: 30_000,
    sleep:
      options.sleep ??
      (async (milliseconds, signal) =>
        void (await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }))),
    random: Math.random,
  };
  return new Client(options, policy);
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
    if ((raw.status >= 200 && raw.status < 300) || request.accept?.includes(raw.status) === true)
      return createResponse(raw);
    raw.stream.destroy();
    if (raw.status === 401 || raw.status === 403)
      throw new CinzelError('environment.unauthorized', { host: new URL(raw.url).host });
    throw new CinzelError('environment.http', { url: raw.url, status: raw.status });
  }

  async close(): Promise<void> {
    await (await this.#dispatchers)?.close();
  }

  async #withRetries(url: URL, request: HttpRequest): Promise<RawResponse> {
    const isStream = typeof request.body === 'object' && !(request.body instanceof Uint8Array);
    const retries = repeatable.has(request.method ?? 'GET') && !isStream ? this.#policy.retries : 0;
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#follow(url, request).catch((cause: unknown) =>
        networkError(withoutSecrets(url), cause),
      );
      const raw = isRaw(outcome) ? outcome : undefined;
      const last = attempt >= retries || request.signal?.aborted === true;
      if (raw !== undefined && (last || !isPassing(raw.status) || request.accept?.includes(raw.status) === true))
        return raw;
      if (raw === undefined && (last || !isCinzelError(outcome, 'environment.network'))) throw outcome;
      raw?.stream.destroy();
      await this.#policy.sleep(
        waitBefore(attempt, raw?.headers['retry-after'], this.#policy, Date.now()),
        request.signal,
      );
    }
  }

  /** Follows redirects; what authorises us stays with the origin that it is for, and is not given back to it later. */
  async #follow(first: URL, request: HttpRequest): Promise<RawResponse> {
    let url = first;
    let method = request.method ?? 'GET';
    let authorization = request.authorization;
    for (let hop = 0; hop <= redirectLimit; hop++) {
      const raw = await this.#send(url, { ...request, method }, authorization);
      const location = raw.headers['location'];
      const mayFollow = method === 'GET' || method === 'HEAD' || raw.status === 307 || raw.status === 308;
      if (
        !redirects.has(raw.status) ||
        location === undefined ||
        !mayFollow ||
        request.accept?.includes(raw.status) === true
      )
        return raw;
      raw.stream.destroy();
      const next = parseUrl(location, url);
      if (url.protocol === 'https:' && next.protocol === 'http:' && !this.#isInsecure(next)) {
        throw new CinzelError('environment.network', { url: withoutSecrets(next), problem: 'a redirect leaves TLS' });
      }
      if (next.origin !== first.origin) authorization = undefined;
      if (raw.status === 303 && method !== 'HEAD') method = 'GET';
      url = next;
    }
    throw new CinzelError('environment.network', { url: withoutSecrets(first), problem: 'it redirects without end' });
  }

  async #send(url: URL, request: HttpRequest, authorization: string | undefined): Promise<RawResponse> {
    this.#dispatchers ??= createDispatchers({
      environment: this.#options.environment ?? {},
      caFiles: this.#options.caFiles ?? [],
    });
    const { request: send } = await import('undici');
    const { socketPath, method = 'GET', headers, body, signal } = request;
    const dispatcher = (await this.#dispatchers).for({
      insecure: this.#isInsecure(url),
      ...(socketPath === undefined ? {} : { socketPath }),
    });
    const answer = await send(url, {
      dispatcher,
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
      url: withoutSecrets(url),
      stream: answer.body,
      sized: method !== 'HEAD' && answer.headers['content-encoding'] === undefined,
    };
  }

  #isInsecure(url: URL): boolean {
    const hosts = this.#options.insecureHosts ?? [];
    return hosts.includes(url.host) || hosts.includes(url.hostname);
  }
}

function isRaw(outcome: unknown): outcome is RawResponse {
  return typeof outcome === 'object' && outcome !== null && 'stream' in outcome;
}

function parseUrl(address: string | URL, base?: URL): URL {
  const url = URL.canParse(String(address), base?.href) ? new URL(address, base) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CinzelError('environment.network', { url: String(address), problem: 'it is no address of the web' });
}

/** The address as it may be shown: without user, password and query, where signed addresses have their secrets. */
function withoutSecrets(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
