import { isDigest } from '../../core/digest.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../net/http.ts';
import { createAuthorizer, refused } from './authorizer.ts';
import type { Credential } from './credentials/credential.ts';
import type { Endpoint } from './endpoint.ts';

/** A request to a registry; its body is opened anew if the request must be repeated with credentials. */
export interface RegistryRequest extends Omit<HttpRequest, 'body' | 'authorization'> {
  readonly body?: () => Uint8Array | AsyncIterable<Uint8Array>;
  /** What it needs to be allowed, as `repository:library/nginx:pull`. */
  readonly scope: string;
}

/** One repository at one endpoint, whose challenges are answered. */
export interface Connection {
  /** Host and repository, for messages. */
  readonly label: string;
  /** The address of something of the repository: `manifests/latest`, `blobs/sha256:…`. */
  url(path: string): Promise<URL>;
  /** The scope that allows to act on this repository, or on another of the same endpoint. */
  scope(actions: 'pull' | 'pull,push', repository?: string): string;
  /** Throws as HttpClient does, `environment.not-found` for 404, and `environment.unauthorized` when refused. */
  send(url: URL, request: RegistryRequest): Promise<HttpResponse>;
}

export interface ConnectionOptions {
  readonly http: HttpClient;
  readonly endpoint: Endpoint;
  /** The address of the endpoint's API. */
  readonly base: () => Promise<URL>;
  readonly repository: string;
  /** Looked up when it is first needed. */
  readonly credential: () => Promise<Credential | undefined>;
  readonly signal: AbortSignal;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { http, endpoint, base, signal } = options;
  const label = `${endpoint.host}/${endpoint.prefix}${options.repository}`;
  const authorizer = createAuthorizer({ http, base, credential: options.credential, signal });

  async function send(url: URL, request: RegistryRequest): Promise<HttpResponse> {
    const { origin } = await base();
    const isOurs = url.origin === origin;
    const first = await attempt(url, request, isOurs ? authorizer.known(request.scope) : undefined);
    if (first.status !== 401) return first;
    await first.discard();
    // Only the endpoint itself may ask for credentials: not where it redirects, nor where it takes uploads.
    const asker = new URL(first.url);
    if (!isOurs || asker.origin !== origin) throw refused(asker);
    const authorization = await authorizer.answer(first.headers['www-authenticate'] ?? '', request.scope);
    const second = await attempt(url, request, authorization);
    if (second.status !== 401) return second;
    await second.discard();
    throw refused(asker);
  }

  async function attempt(url: URL, request: RegistryRequest, authorization: string | undefined): Promise<HttpResponse> {
    const { body, scope: _, accept = [], ...rest } = request;
    try {
      return await http.request(url, {
        signal,
        ...rest,
        accept: [...accept, 401],
        ...(body === undefined ? {} : { body: body() }),
        ...(authorization === undefined ? {} : { authorization }),
      });
    } catch (error) {
      if (!isCinzelError(error, 'environment.http') || error.parameters.status !== 404) throw error;
      throw new CinzelError('environment.not-found', { what: nameOf(url) }, { cause: error });
    }
  }

  /** What an address of the repository names, as people write it. */
  function nameOf(url: URL): string {
    const name = /\/(?:manifests|blobs)\/([^/]+)$/.exec(url.pathname)?.[1];
    return name === undefined ? url.href : `${label}${isDigest(name) ? '@' : ':'}${name}`;
  }

  return {
    label,
    url: async (path) => new URL(`${endpoint.prefix}${options.repository}/${path}`, await base()),
    scope: (actions, repository = options.repository) => `repository:${endpoint.prefix}${repository}:${actions}`,
    send,
  };
}
