import { connect } from 'node:http2';
import type { Duplex } from 'node:stream';
import { type HttpAnswer, type HttpQuestion, readBody } from './http-exchange.ts';

/** Sends a request in HTTP/2, with prior knowledge where there is no TLS (RFC 9113, section 3.3). */
export async function http2Answer(question: HttpQuestion, socket: Duplex, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, path, headers, body, port, tls } = question;
  const session = connect(`${tls ? 'https' : 'http'}://localhost:${port}`, { createConnection: () => socket });
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      session.once('error', reject);
      const own = { ':method': method, ':path': path, 'accept-encoding': 'identity' };
      const stream = session.request({ ...own, ...headers }, { signal });
      stream.once('error', reject);
      stream.once('response', (received) => {
        void readBody(stream).then((bytes) => {
          const given = Object.entries(received).flatMap(([name, value]): [string, string][] =>
            name.startsWith(':') ? [] : [[name, [value].flat().join(', ')]],
          );
          resolve({ status: Number(received[':status']), headers: Object.fromEntries(given), body: bytes });
        }, reject);
      });
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}
