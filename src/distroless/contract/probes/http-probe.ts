import { type IncomingMessage, request as plainRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { contentText } from '../body-text.ts';
import type { Fields, HttpProbe } from '../model.ts';
import { type HttpAnswer, type HttpQuestion, readBody } from './http-exchange.ts';
import { http2Answer } from './http2-answer.ts';
import { type Played, portOf } from './probe-player.ts';

/** Tells nothing about the answer: it is told whether it is there. Servers make tags of inodes, which each copy of a file has its own of. */
const fleeting = new Set(['date', 'expires', 'last-modified', 'age', 'etag']);

/** Sends a request; redirects are answers. */
export async function playHttp(probe: HttpProbe, played: Played): Promise<Fields> {
  const answer = await askHttp(questionOf(probe, played), played);
  const compare = probe.compare ?? ['status', 'headers', 'body'];
  const headers = Object.entries(answer.headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(compare.includes('status') ? { status: String(answer.status) } : {}),
    ...(compare.includes('headers') ? Object.fromEntries(headers.map(headerField)) : {}),
    ...(compare.includes('body') ? { body: contentText(answer.body, answer.headers['content-type']) } : {}),
  };
}

function headerField([name, value]: readonly [string, string]): [string, string] {
  return [`header ${name}`, fleeting.has(name) ? '' : value];
}

export function questionOf(probe: Omit<HttpProbe, 'compare'>, played: Played): HttpQuestion {
  const { http, method, tls, version, headers, body } = probe;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const isJson = body !== undefined && typeof body !== 'string';
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    path: http.startsWith('/') ? http : `/${http}`,
    port: portOf(probe, played),
    tls: tls ?? false,
    version: version ?? '1.1',
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...lowerCase(headers) },
    ...(text === undefined ? {} : { body: text }),
  };
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Asks the server that listens in a container's network. */
export async function askHttp(
  question: HttpQuestion,
  { container, signal }: Pick<Played, 'container' | 'signal'>,
): Promise<HttpAnswer> {
  const plain = await container.connect(question.port);
  const socket = question.tls ? await secure(plain, question.version, signal) : plain;
  try {
    return question.version === '2'
      ? await http2Answer(question, socket, signal)
      : await answerOf(question, socket, signal);
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

/** Certificates of a contract are the image's own affair: who made them is not checked. */
export function secure(socket: Duplex, version: '1.1' | '2', signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const ALPNProtocols = [version === '2' ? 'h2' : 'http/1.1'];
    const over = connectTls({ socket, rejectUnauthorized: false, servername: 'localhost', ALPNProtocols });
    over.once('secureConnect', () => resolve(over));
    over.once('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function answerOf(question: HttpQuestion, socket: Duplex, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, path, headers, body, port } = question;
  return new Promise((resolve, reject) => {
    const sent = plainRequest({
      method,
      path,
      signal,
      createConnection: () => socket,
      headers: {
        host: `localhost:${port}`,
        'accept-encoding': 'identity',
        connection: 'close',
        ...headers,
      },
    });
    sent.once('error', reject);
    sent.once('response', (response: IncomingMessage) => {
      void readBody(response).then((bytes) => {
        const given = Object.entries(response.headers).map(([name, value]): [string, string] => [
          name,
          [value].flat().join(', '),
        ]);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(given), body: bytes });
      }, reject);
    });
    sent.end(body);
  });
}
