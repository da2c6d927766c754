import type { Dispatcher } from 'undici';
import { CinzelError } from '../core/errors.ts';
import type { HttpResponse } from './http.ts';
import { networkError, type Way } from './network-error.ts';
import { withoutSecrets } from './url.ts';

/** The parts of an answer that the client has in hand. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly proxy?: string | undefined;
  readonly body: Dispatcher.ResponseData['body'];
  /** An answer to HEAD tells a length and has no body. */
  readonly isHead: boolean;
  readonly signal: AbortSignal | undefined;
}

/** An answer whose body is checked against its Content-Length as it goes by. */
export function createResponse(raw: RawResponse): HttpResponse {
  const { status, headers } = raw;
  const url = withoutSecrets(raw.url);
  const body = checkedBody(raw, { url, proxy: raw.proxy });
  return {
    status,
    headers,
    url,
    body,
    bytes: (limit) => collect(body, limit, url),
    text: async (limit) => Buffer.from(await collect(body, limit, url)).toString('utf8'),
    discard: async () => dropBody(raw.body),
  };
}

/** So much of an unwanted body is read, for so many milliseconds, to keep its connection for the next request. */
const drain = { bytes: 16 * 1024, milliseconds: 1000 };

/** Lets go of a body that nobody wants. */
export function dropBody(body: RawResponse['body']): void {
  // A body that is cut off while it still comes reports that as an error.
  body.on('error', () => {});
  body.dump({ limit: drain.bytes, signal: AbortSignal.timeout(drain.milliseconds) }).catch(() => {});
}

async function* checkedBody(raw: RawResponse, way: Way): AsyncGenerator<Uint8Array> {
  const expected = raw.isHead ? Number.NaN : Number(raw.headers['content-length'] ?? Number.NaN);
  let received = 0;
  try {
    for await (const chunk of raw.body as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw networkError(way, cause, raw.signal);
  }
  if (received < expected) {
    const problem = { kind: 'answer-cut', received, expected } as const;
    throw new CinzelError('environment.network', { url: way.url, problem });
  }
}

async function collect(body: AsyncIterable<Uint8Array>, limit: number, url: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > limit) throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: limit, what: url });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
