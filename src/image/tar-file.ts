import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CinzelError, faultOf } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';
import type { TarContent } from '../formats/tar/model.ts';
import { type TarHandler, TarParser } from '../formats/tar/parser.ts';

/** A run of bytes in a local file. */
export interface Slice {
  readonly file: string;
  readonly offset: number;
  readonly size: number;
}

/** Headers of small files often share a window; those of large ones are a seek apart. */
const windowSize = 4096;
/** Entries between turns of the event loop, so that an interrupt is heard. */
const entriesPerTurn = 20_000;

/**
 * Reads the headers of a plain tar archive in a file, wherever they are, and nothing else. Tells whether the end
 * was marked. Throws `untrusted.truncated` and `untrusted.malformed` that name `what`.
 */
export async function walkTarFile(
  slice: Slice,
  handler: TarHandler,
  options: { readonly what: Subject; readonly signal: AbortSignal },
): Promise<{ readonly marked: boolean }> {
  let contentEnd = 0;
  const parser = new TarParser({
    entry: (header, content: TarContent) => {
      contentEnd = content.offset + content.stored;
      handler.entry(header, content);
    },
    dropped: handler.dropped,
  });
  const window = new FileWindow(slice);
  try {
    for (let next = window.read(parser); next !== undefined; next = window.read(parser)) {
      parser.accept(next);
      if (parser.entries % entriesPerTurn !== entriesPerTurn - 1) continue;
      await nextTurn();
      options.signal.throwIfAborted();
    }
  } catch (error) {
    throw faultOf(options.what, error);
  } finally {
    window.close();
  }
  const whole = parser.complete && contentEnd <= slice.size && (parser.done || parser.position >= slice.size);
  if (!whole) throw new CinzelError('untrusted.truncated', { what: options.what });
  return { marked: parser.done };
}

/** Bytes of a slice by their offset in it. Throws `untrusted.truncated`. */
export function readSlice(slice: Slice, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const descriptor = openSync(slice.file, 'r');
  try {
    if (offset + length > slice.size || fill(descriptor, bytes, length, slice.offset + offset) < length) {
      throw new CinzelError('untrusted.truncated', { what: slice.file });
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

/** Reads a slice of a file a window at a time. */
class FileWindow {
  readonly #slice: Slice;
  readonly #descriptor: number;
  readonly #bytes = Buffer.allocUnsafe(windowSize);
  #start = 0;
  #length = 0;

  constructor(slice: Slice) {
    this.#slice = slice;
    this.#descriptor = openSync(slice.file, 'r');
  }

  /** The bytes that the parser needs, valid until the next call; undefined when it is done or the slice ends. */
  read({ done, position, length }: TarParser): Buffer | undefined {
    if (done || position + length > this.#slice.size) return undefined;
    if (length > windowSize) {
      const bytes = Buffer.allocUnsafe(length);
      return fill(this.#descriptor, bytes, length, this.#slice.offset + position) === length ? bytes : undefined;
    }
    if (position < this.#start || position + length > this.#start + this.#length) {
      const wanted = Math.min(windowSize, this.#slice.size - position);
      this.#start = position;
      this.#length = fill(this.#descriptor, this.#bytes, wanted, this.#slice.offset + position);
      if (this.#length < length) return undefined;
    }
    return this.#bytes.subarray(position - this.#start, position - this.#start + length);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Reads until the target is full or the file ends; gives the number of bytes. */
function fill(descriptor: number, target: Buffer, length: number, position: number): number {
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, target, done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
