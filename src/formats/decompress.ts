import { CinzelError } from '../core/errors.ts';
import { bounded, type DecompressionBounds } from './bounded.ts';

export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'plain';

/** How many first bytes tell the compression. */
const magicLength = 6;

/** Tells a compression by its magic number: RFC 1952 2.3.1, RFC 8878 3.1.1 (and 3.1.2), .xz file format 2.1.1.1, bzip2. */
export function detectCompression(start: Uint8Array): Compression {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = start;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a >= 0x50 && a <= 0x5f && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58 && e === 0x5a && f === 0) return 'xz';
  if (a === 0x42 && b === 0x5a && c === 0x68 && d >= 0x31 && d <= 0x39) return 'bzip2';
  return 'plain';
}

/**
 * The uncompressed bytes of a stream. Stopping early stops the source. Throws `untrusted.truncated` when the stream
 * ends too early, `untrusted.malformed` when it is broken, `untrusted.limit` past the bounds.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  compression: Compression | 'detect',
  bounds: DecompressionBounds = {},
): AsyncGenerator<Uint8Array> {
  if (compression === 'detect') {
    const { start, all } = await peek(source);
    yield* decompress(all, detectCompression(start), bounds);
    return;
  }
  yield* bounded(source, await decoder(compression), bounds);
}

type Decoder = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

async function decoder(compression: Compression): Promise<Decoder> {
  switch (compression) {
    case 'plain':
      return (source) => source;
    case 'gzip':
      return (await import('./gzip.ts')).gunzip;
    case 'zstd':
      return (await import('./zstd.ts')).unzstd;
    case 'xz':
      return (await import('./xz.ts')).unxz;
    case 'bzip2':
      throw new CinzelError('untrusted.unsupported', { what: 'bzip2' });
  }
}

/** Reads enough of a stream to tell what it is, and gives the whole stream back. */
async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly start: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  while (length < magicLength) {
    const next = await iterator.next();
    if (next.done === true) break;
    read.push(next.value);
    length += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* read;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { start: Buffer.concat(read), all: all() };
}
