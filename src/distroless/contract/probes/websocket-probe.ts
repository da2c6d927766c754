import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { contentText } from '../body-text.ts';
import type { Fields, WebSocketProbe } from '../model.ts';
import { secure } from './http-probe.ts';
import { type Played, portOf } from './probe-player.ts';
import { FrameReader, maskedFrame } from './websocket-frames.ts';

/** Opens a WebSocket (RFC 6455), sends messages, and waits for as many as are to come. */
export async function playWebSocket(probe: WebSocketProbe, played: Played): Promise<Fields> {
  const { container, signal } = played;
  const port = portOf(probe, played);
  const plain = await container.connect(port);
  const socket = probe.tls === true ? await secure(plain, '1.1', signal) : plain;
  try {
    const opened = await upgrade(probe, port, socket, signal);
    const handshake = { status: String(opened.status), ...opened.headers };
    if (opened.status !== 101) return handshake;
    for (const text of probe.send ?? []) socket.write(maskedFrame('text', Buffer.from(text)));
    const messages = await receive(socket, opened.rest, { count: probe.receive ?? 1, signal });
    return { ...handshake, ...Object.fromEntries(messages.map((text, index) => [`message ${index + 1}`, text])) };
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

interface Opened {
  readonly status: number;
  readonly headers: Fields;
  readonly rest: Uint8Array;
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function upgrade(probe: WebSocketProbe, port: number, socket: Duplex, signal: AbortSignal): Promise<Opened> {
  const key = randomBytes(16).toString('base64');
  const accept = createHash('sha1').update(`${key}${guid}`).digest('base64');
  return new Promise((resolve, reject) => {
    const sent = request({
      path: probe.websocket,
      signal,
      createConnection: () => socket,
      headers: {
        host: `localhost:${port}`,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': key,
        ...probe.headers,
      },
    });
    sent.once('error', reject);
    sent.once('response', ({ statusCode = 0 }) => resolve({ status: statusCode, headers: {}, rest: Buffer.alloc(0) }));
    sent.once('upgrade', ({ headers }, _socket, head: Buffer) => {
      const accepted = headers['sec-websocket-accept'] === accept ? 'yes' : 'no';
      resolve({ status: 101, headers: { accepted }, rest: head });
    });
    sent.end();
  });
}

function receive(
  socket: Duplex,
  rest: Uint8Array,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const reader = new FrameReader();
  const messages: string[] = [];
  return new Promise((resolve, reject) => {
    const take = (bytes: Uint8Array): void => {
      for (const { kind, payload } of reader.push(bytes)) {
        if (kind === 'ping') socket.write(maskedFrame('pong', payload));
        if (kind === 'close') messages.push(`closed ${payload.length < 2 ? '' : payload.readUInt16BE(0)}`.trim());
        if (kind === 'text' || kind === 'binary') messages.push(contentText(payload));
        if (kind === 'close' || messages.length >= count) return resolve(messages);
      }
    };
    if (count === 0) return resolve(messages);
    socket.on('data', take);
    socket.once('close', () => resolve(messages));
    socket.once('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    take(rest);
  });
}
