import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undiciSocketEnd } from '../../scripts/undici-socket-end.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-undici-'));
const parser = 'lib/dispatcher/client-h1.js';
const { transform } = undiciSocketEnd();

function readParser(): string {
  return readFileSync(join(folder, parser), 'utf8');
}

beforeAll(() => {
  const original = dirname(createRequire(import.meta.url).resolve('undici/package.json'));
  cpSync(original, folder, { recursive: true });
  writeFileSync(join(folder, parser), transform.handler(readParser()));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the HTTP client that is bundled', { timeout: 20_000 }, () => {
  const body = Buffer.alloc(64 * 1024, 'x');
  const chunked = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
  it.each([
    ['of a told length', `Content-Length: ${body.length}\r\n`, body, undefined],
    ['in chunks', 'Transfer-Encoding: chunked\r\n', chunked, undefined],
    ['that ends with the connection', '', body, undefined],
    ['that is cut off', `Content-Length: ${body.length + 1}\r\n`, body, /does not match content-length/],
  ])('reads a body after the server has closed the connection: one %s', async (_name, header, sent, problem) => {
    const server = await closingServer(header, sent);
    const { request } = createRequire(import.meta.url)(join(folder, 'index.js')) as typeof import('undici');
    const { port } = server.address() as AddressInfo;
    const response = await request(`http://127.0.0.1:${port}/`);
    const text = sleep(200).then(() => response.body.text());
    if (problem === undefined) expect(await text).toHaveLength(body.length);
    else await expect(text).rejects.toThrow(problem);
    server.close();
  });

  it('is not bundled without that, when undici changes', () => {
    expect(() => transform.handler(readParser())).toThrow('undici has changed');
  });
});

/** Sends its answer and the end of the connection at once, as servers of HTTP/1.0 do. */
async function closingServer(header: string, body: Buffer): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${header}Connection: close\r\n\r\n`);
      socket.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
