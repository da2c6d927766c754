import type { HttpRequest } from './http.ts';

/** One request of a chain of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: NonNullable<HttpRequest['method']>;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization?: string;
}

const redirects = new Set([301, 302, 303, 307, 308]);
/** Headers that tell who asks. */
const secrets = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * The next request after an answer, or undefined when the answer does not redirect or may not be followed: only GET
 * and HEAD are repeated after 301, 302 and 303, and a body that was streamed cannot be sent again (RFC 9110 15.4).
 * What authorises us goes only to hops that never left the first origin, and is not picked up again on the way back.
 */
export function nextHop(hop: Hop, status: number, location: string | undefined, canRepeat: boolean): Hop | undefined {
  if (!redirects.has(status) || location === undefined) return undefined;
  const isRead = hop.method === 'GET' || hop.method === 'HEAD';
  if (!isRead && (status < 307 || !canRepeat)) return undefined;
  const url = URL.canParse(location, hop.url.href) ? new URL(location, hop.url) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  if (url.origin === hop.url.origin) return { ...hop, url };
  return { url, method: hop.method, headers: withoutSecrets(hop.headers) };
}

function withoutSecrets(headers: Hop['headers']): Hop['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secrets.has(name.toLowerCase())));
}
