import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import { defaultLimits } from '../../core/limits.ts';
import { createHttpClient } from '../../net/http-client.ts';
import { serve } from '../../net/testing/serve.ts';
import { createRegistryClient } from './client.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((item) => item.close()));
});

/** Reads a blob from a server that breaks off every answer after so many bytes; gives how often it was asked. */
async function readInPieces(blob: Buffer, piece: number): Promise<{ readonly read: Promise<Buffer>; asked: number }> {
  const result = { asked: 0 };
  const server = await serve((request, response) => {
    if (!request.url?.includes('/blobs/')) return void response.end();
    result.asked++;
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start === 0 ? 200 : 206, {
      'content-length': blob.length - start,
      ...(start === 0 ? {} : { 'content-range': `bytes ${start}-${blob.length - 1}/${blob.length}` }),
    });
    response.write(blob.subarray(start, start + piece), () => response.socket?.destroySoon());
  });
  const http = createHttpClient();
  open.push(server, http);
  const signal = new AbortController().signal;
  const registry = createRegistryClient({
    registry: server.host,
    http,
    environment: {},
    limits: defaultLimits,
    signal,
  });
  return Object.assign(result, {
    read: collect(registry.readBlob('app', { digest: sha256(blob), size: blob.length })),
  });
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

describe('a blob that is cut', () => {
  const mebibyte = 1024 * 1024;

  it('is asked for however often, while each answer brings much of it', async () => {
    const blob = randomBytes(60 * mebibyte);
    const { read } = await readInPieces(blob, 5 * mebibyte);
    expect((await read).equals(blob)).toBe(true);
  });

  it('is given up when the answers bring hardly anything', async () => {
    const result = await readInPieces(randomBytes(mebibyte), 1000);
    await expect(result.read).rejects.toThrow(expect.objectContaining({ code: 'environment.network' }));
    expect(result.asked).toBe(9);
  });
});
