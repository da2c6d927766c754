import { CinzelError } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';

/** How much may come out of a compressed stream. */
export interface DecompressionBounds {
  /** Of output; the limit that a message names is `layerBytes`. */
  readonly maxBytes?: number;
  /** Output over input, once `ratioFloor` bytes came out. */
  readonly ratio?: number;
  readonly ratioFloor?: number;
  /** What the stream is, for the message. */
  readonly what?: Subject;
}

/** Decodes a stream and counts both sides. Throws `untrusted.limit` as soon as a bound is passed. */
export async function* bounded(
  source: AsyncIterable<Uint8Array>,
  decode: (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
  { maxBytes, ratio, ratioFloor = 0, what = { kind: 'compressed-data' } }: DecompressionBounds,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let written = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      read += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of decode(counted())) {
    written += chunk.length;
    if (maxBytes !== undefined && written > maxBytes) {
      throw new CinzelError('untrusted.limit', { limit: 'layerBytes', value: maxBytes, what });
    }
    if (ratio !== undefined && written > ratioFloor && written > read * ratio) {
      throw new CinzelError('untrusted.limit', { limit: 'ratio', value: ratio, what });
    }
    yield chunk;
  }
}
