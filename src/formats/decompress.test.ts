import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { type Compression, decompress, detectCompression } from './decompress.ts';

async function* chunksOf(bytes: Uint8Array, size: number, onEnd: () => void = () => {}): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  } finally {
    onEnd();
  }
}

async function read(bytes: Uint8Array, size = 1000): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of decompress(chunksOf(bytes, size), 'detect')) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}

function run(tool: string, ...options: string[]): (bytes: Uint8Array) => Buffer {
  return (bytes) => execFileSync(tool, [...options, '-c'], { input: bytes, maxBuffer: 2 ** 28 });
}

const available = (tool: string): boolean =>
  process.env['CI'] !== undefined || spawnSync(tool, ['--version']).status === 0;

const encoders: readonly (readonly [Compression, string, (bytes: Uint8Array) => Buffer])[] = [
  ['gzip', 'gzip', (bytes) => gzipSync(bytes)],
  ['xz', 'xz', run('xz', '-1')],
  ['zstd', 'zstd', run('zstd', '-q')],
];
const content = Buffer.concat([Buffer.from('text '.repeat(100_000)), randomBytes(300_000), Buffer.alloc(500_000)]);

describe.each(encoders)('%s', (compression, tool, encode) => {
  const usable = available(tool);

  it.skipIf(!usable)('is recognised and read, in chunks of any size', async () => {
    const encoded = encode(content);
    expect(detectCompression(encoded)).toBe(compression);
    for (const size of [997, 1 << 16, 1 << 24]) expect((await read(encoded, size)).equals(content)).toBe(true);
  });

  it.skipIf(!usable)('is read through several frames or members', async () => {
    const bytes = Buffer.concat([encode(Buffer.from('one ')), encode(Buffer.from('two ')), encode(content)]);
    expect((await read(bytes)).equals(Buffer.concat([Buffer.from('one two '), content]))).toBe(true);
  });

  it.skipIf(!usable)('says that it is truncated, wherever it is cut', async () => {
    const encoded = encode(content);
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const error = await read(encoded.subarray(0, Math.floor(encoded.length * share))).catch(
        (caught: unknown) => caught,
      );
      expect(isCinzelError(error, 'untrusted.truncated', 'untrusted.malformed'), `cut at ${share}`).toBe(true);
    }
  });

  it.skipIf(!usable)('says that it is malformed, or gives other bytes, when bits change', async () => {
    const encoded = encode(content);
    for (let round = 0; round < 20; round++) {
      const bytes = Buffer.from(encoded);
      const at = 12 + ((round * 7919) % (bytes.length - 12));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (round % 8));
      const outcome = await read(bytes).catch((caught: unknown) => caught);
      expect(outcome instanceof Buffer || isCinzelError(outcome)).toBe(true);
    }
  });

  it.skipIf(!usable)('stops its source when nobody reads on', async () => {
    let ended = false;
    const source = chunksOf(encode(content), 1000, () => {
      ended = true;
    });
    for await (const _ of decompress(source, 'detect')) break;
    expect(ended).toBe(true);
  });

  it.skipIf(!usable)('ends at its bounds', async () => {
    const bomb = encode(Buffer.alloc(5_000_000));
    const drain = async (bounds: object): Promise<void> => {
      for await (const _ of decompress(chunksOf(bomb, 1000), 'detect', bounds));
    };
    await expect(drain({ maxBytes: 1_000_000 })).rejects.toMatchObject({ code: 'untrusted.limit' });
    await expect(drain({ ratio: 10, ratioFloor: 1_000_000 })).rejects.toMatchObject({ code: 'untrusted.limit' });
    await expect(drain({ maxBytes: 5_000_000 })).resolves.toBeUndefined();
  });
});

it('passes plain bytes and the failure of a source through', async () => {
  expect((await read(Buffer.from('plain'))).toString()).toBe('plain');
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield gzipSync(content).subarray(0, 1000);
    throw new Error('the disk is gone');
  }
  const drain = async (): Promise<void> => {
    for await (const _ of decompress(failing(), 'detect'));
  };
  await expect(drain()).rejects.toThrow('the disk is gone');
});
