/** A client whose connections, proxy, certificates, retries and offline switch are settled when it is made. */
export interface HttpClient {
  /**
   * One request, redirects followed, retried on 429 and 5xx and broken connections where the method allows it.
   * Any status but those that `accept` names (default: 2xx) throws `environment.http` or `environment.unauthorized`.
   * Throws `environment.network` when no answer comes, `environment.offline` when the network is forbidden.
   */
  request(url: string | URL, options?: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Value of the Authorization header; sent to the first host only, never after a redirect to another. */
  readonly authorization?: string;
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>;
  /** Statuses that are answers and not errors, besides 2xx: 304, 404, 401 … */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
  /** How often to ask again, where the client's own number does not suit. */
  readonly retries?: number;
  /** Unix socket to connect to instead of the URL's host. */
  readonly socketPath?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address that answered, after redirects. */
  readonly url: string;
  /** The body, once. A body cut short throws `environment.network`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body; throws `untrusted.limit` past `limit` bytes. */
  bytes(limit: number): Promise<Uint8Array>;
  text(limit: number): Promise<string>;
  /** Drops the body without reading it. */
  discard(): Promise<void>;
}
