import { CinzelError } from '../../core/errors.ts';
import type { TarHeader } from './model.ts';
import { TarParser } from './parser.ts';

/** An entry whose content streams by: it must be read, or left, before the next entry is asked for. */
export interface TarEntryStream {
  readonly header: TarHeader;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Reads an archive front to back and gives each entry's stored content as a stream, so that an archive inside an
 * archive needs no memory. Throws `untrusted.malformed` and `untrusted.truncated`.
 */
export async function* tarEntryStreams(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntryStream> {
  const found: { readonly header: TarHeader; readonly from: number; readonly to: number }[] = [];
  const parser = new TarParser({
    entry: (header, content) => found.push({ header, from: content.offset, to: content.offset + content.stored }),
    dropped: () => {},
  });
  const bytes = new ByteSource(source);
  try {
    while (!parser.done) {
      await bytes.skipTo(parser.position);
      const block = await bytes.take(parser.length);
      if (block === undefined) {
        if (parser.complete) return;
        throw new CinzelError('untrusted.truncated', { what: 'tar' });
      }
      parser.accept(block);
      for (const { header, from, to } of found.splice(0)) {
        yield { header, content: bytes.range(from, to) };
        await bytes.skipTo(to);
      }
    }
  } finally {
    await bytes.close();
  }
}

/** Chunks as one run of bytes that is read forwards. */
class ByteSource {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #position = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The next bytes, whole; undefined at the end. Throws `untrusted.truncated` when only some are there. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let taken = 0;
    while (taken < length) {
      if (!(await this.#fill())) {
        if (taken === 0) return undefined;
        throw new CinzelError('untrusted.truncated', { what: 'tar' });
      }
      const part = this.#consume(length - taken);
      parts.push(part);
      taken += part.length;
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  }

  async *range(from: number, to: number): AsyncGenerator<Uint8Array> {
    await this.skipTo(from);
    while (this.#position < to) {
      if (!(await this.#fill())) throw new CinzelError('untrusted.truncated', { what: 'tar' });
      yield this.#consume(to - this.#position);
    }
  }

  async skipTo(position: number): Promise<void> {
    while (this.#position < position && (await this.#fill())) this.#consume(position - this.#position);
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  #consume(length: number): Buffer {
    const part = this.#chunk.subarray(this.#at, this.#at + length);
    this.#at += part.length;
    this.#position += part.length;
    return part;
  }

  async #fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#iterator.next();
      if (next.done === true) return false;
      this.#chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      this.#at = 0;
    }
    return true;
  }
}
