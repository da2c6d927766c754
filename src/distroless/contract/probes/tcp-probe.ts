import type { Duplex } from 'node:stream';
import { contentText } from '../body-text.ts';
import type { Fields, TcpProbe } from '../model.ts';
import { secure } from './http-probe.ts';
import type { Played } from './probe-player.ts';

/** A server that has said nothing for so long has said what it had to say. */
const silence = 500;
const sizeLimit = 1024 ** 2;

/** Connects, sends what is to be sent, and reads until the server closes or falls silent. */
export async function playTcp({ tcp, tls, send }: TcpProbe, { container, signal }: Played): Promise<Fields> {
  const plain = await container.connect(tcp);
  const socket = tls === true ? await secure(plain, '1.1', signal) : plain;
  try {
    if (send !== undefined) socket.write(send);
    const { bytes, closed } = await listen(socket, signal);
    return {
      connected: 'yes',
      ...(bytes.length > 0 || send !== undefined ? { received: contentText(bytes) } : {}),
      closed,
    };
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

function listen(socket: Duplex, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly closed: string }> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const finish = (closed: 'yes' | 'no') => (): void => {
      clearTimeout(timer);
      resolve({ bytes: Buffer.concat(parts), closed });
    };
    const timer = setTimeout(finish('no'), silence);
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      timer.refresh();
      if (size > sizeLimit) finish('no')();
    });
    socket.once('end', finish('yes'));
    socket.once('close', finish('yes'));
    socket.once('error', finish('yes'));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
