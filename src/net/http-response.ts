import { CinzelError } from '../core/errors.ts';
import type { HttpResponse } from './http.ts';

/** The parts of an answer that the client has in hand. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  readonly stream: AsyncIterable<Uint8Array> & { destroy(): unknown };
  /** Whether the answer has a body that its Content-Length tells. */
  readonly sized: boolean;
}

/** An answer whose body is checked against its Content-Length as it goes by. */
export function createResponse(raw: RawResponse): HttpResponse {
  const { status, headers, url } = raw;
  const body = checkedBody(raw);
  return {
    status,
    headers,
    url,
    body,
    bytes: (limit) => collect(body, limit, url),
    text: async (limit) => Buffer.from(await collect(body, limit, url)).toString('utf8'),
    discard: async () => {
      // Dropping a body that still comes makes the stream report its own abort.
      raw.stream.once('error', () => {});
      raw.stream.destroy();
    },
  };
}

async function* checkedBody({ stream, headers, url, sized }: RawResponse): AsyncGenerator<Uint8Array> {
  const expected = sized ? Number(headers['content-length'] ?? Number.NaN) : Number.NaN;
  let received = 0;
  try {
    for await (const chunk of stream) {
      received += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw networkError(url, cause);
  } finally {
    stream.destroy();
  }
  if (Number.isFinite(expected) && received < expected) {
    throw new CinzelError('environment.network', {
      url,
      problem: `the answer ended after ${received} of ${expected} bytes`,
    });
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

/** What went wrong with a connection, as a fault of ours. Interruptions and own faults pass through. */
export function networkError(url: string, cause: unknown): unknown {
  if (cause instanceof CinzelError) return cause;
  const { code, name, message } = cause as NodeJS.ErrnoException;
  if (name === 'AbortError') return cause;
  return new CinzelError('environment.network', { url, problem: problems[code ?? ''] ?? message }, { cause });
}

const problems: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOENT: 'there is no such socket',
  EACCES: 'no permission',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
