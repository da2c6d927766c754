import { closeSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { CinzelError } from '../core/errors.ts';
import { type Started, startProcess } from './processes.ts';

/**
 * What runs beside a container, in its network and nothing else of it, and makes connections there: a program of its
 * own, given as text. It takes a port and answers with a line when the connection is there.
 */
const program = `
const net = require('node:net');
const options = { allowHalfOpen: true };
const server = net.createServer(options, (client) => {
  client.on('error', () => {});
  client.once('data', (bytes) => {
    const dial = (hosts) => {
      const target = net.connect({ port: Number(bytes.toString()), host: hosts[0], ...options });
      target.once('connect', () => {
        target.on('error', () => client.destroy());
        client.on('error', () => target.destroy());
        client.write('\\n');
        target.pipe(client);
        client.pipe(target);
      });
      target.once('error', () => hosts.length > 1 ? dial(hosts.slice(1)) : client.destroy());
    };
    dial(['127.0.0.1', '::1']);
  });
});
server.listen('dial', () => process.stdout.write('\\n'));
process.stdin.on('end', () => process.exit()).resume();
`;

/** Makes connections inside a network namespace. */
export interface Dialer {
  connect(port: number): Promise<Socket>;
  close(): void;
}

/** Starts a dialer with the command that enters the network; its socket is made in the folder. */
export async function startDialer(enter: readonly string[], folder: string): Promise<Dialer> {
  const started = startProcess([...enter, process.execPath, '-e', program], {
    environment: { PATH: process.env['PATH'] },
    folder,
    stdin: 'open',
  });
  await listens(started);
  // The path of a socket has at most 108 bytes, and a folder may have a longer one.
  const directory = openSync(folder, 'r');
  return {
    connect: (port) => dial(`/proc/self/fd/${directory}/dial`, port),
    close: () => {
      started.child.kill('SIGKILL');
      closeSync(directory);
    },
  };
}

async function listens({ child, ended, output }: Started): Promise<void> {
  const ready = new Promise<true>((resolve) => child.stdout?.once('data', () => resolve(true)));
  if ((await Promise.race([ready, ended.then(() => false)])) === true) return;
  const problem = Buffer.from(output().stderr).toString('utf8').trim();
  throw new CinzelError('environment.sandbox', { problem });
}

function dial(path: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    const refuse = (): void => reject(Object.assign(new Error(`Nobody listens on ${port}`), { code: 'ECONNREFUSED' }));
    socket.once('error', refuse);
    socket.once('close', refuse);
    // Half open as it is, it does not close by itself when the other side does.
    socket.once('end', refuse);
    socket.write(String(port));
    socket.once('readable', () => {
      if (socket.read(1) === null) return;
      socket.off('error', refuse);
      socket.off('close', refuse);
      socket.off('end', refuse);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}
