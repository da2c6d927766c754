import { CinzelError } from '../../core/errors.ts';
import type { Problem } from '../../core/problems.ts';
import type { TarContent, TarHeader } from './model.ts';
import { TarParser } from './parser.ts';

/** Takes an entry's stored bytes as they come by. */
export interface ContentSink {
  readonly write: (bytes: Buffer) => void;
  readonly end: () => void;
}

export interface TarStreamHandler {
  /** Gives a sink when the entry's content is wanted. */
  readonly entry: (header: TarHeader, content: TarContent) => ContentSink | undefined;
  readonly dropped: (name: string, problem: Problem) => void;
}

/** How an archive ended. */
export interface TarEnd {
  readonly bytes: number;
  /** Whether the two zero blocks were there. */
  readonly marked: boolean;
  /** Bytes other than zero padding after the end. */
  readonly trailing: boolean;
}

/**
 * Reads a tar archive from chunks in order. Each byte is looked at once, and only headers and wanted content are.
 * `push` and `end` throw `untrusted.malformed` and `untrusted.truncated`.
 */
export class TarStream {
  readonly #parser: TarParser;
  #offset = 0;
  #contentEnd = 0;
  #pending: Buffer[] = [];
  #pendingLength = 0;
  #capture: { readonly from: number; readonly to: number; readonly sink: ContentSink } | undefined;
  #trailing = false;

  constructor(handler: TarStreamHandler) {
    this.#parser = new TarParser({
      entry: (header, content) => {
        this.#contentEnd = content.offset + content.stored;
        const sink = handler.entry(header, content);
        if (sink === undefined) return;
        if (content.stored === 0) sink.end();
        else this.#capture = { from: content.offset, to: this.#contentEnd, sink };
      },
      dropped: handler.dropped,
    });
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#parser.done) {
        this.#trailing ||= chunk.subarray(at).some((byte) => byte !== 0);
        this.#offset += chunk.length - at;
        return;
      }
      const rest = chunk.length - at;
      const taken =
        this.#capture === undefined ? this.#takeNeeded(chunk, at, rest) : this.#takeContent(chunk, at, rest);
      at += taken;
      this.#offset += taken;
    }
  }

  /** Call it once after the last chunk. */
  end(): TarEnd {
    const whole = this.#parser.complete && this.#offset >= this.#contentEnd && this.#pendingLength === 0;
    if (!whole) throw new CinzelError('untrusted.truncated', { what: 'tar' });
    return { bytes: this.#offset, marked: this.#parser.done, trailing: this.#trailing };
  }

  #takeContent(chunk: Buffer, at: number, rest: number): number {
    const capture = this.#capture;
    if (capture === undefined) return 0;
    const length = Math.min(rest, capture.to - this.#offset);
    capture.sink.write(chunk.subarray(at, at + length));
    if (this.#offset + length === capture.to) {
      this.#capture = undefined;
      capture.sink.end();
    }
    return length;
  }

  #takeNeeded(chunk: Buffer, at: number, rest: number): number {
    const gap = this.#parser.position - this.#offset;
    if (gap > 0) return Math.min(rest, gap);
    const length = Math.min(rest, this.#parser.length - this.#pendingLength);
    const part = chunk.subarray(at, at + length);
    if (this.#pendingLength === 0 && length === this.#parser.length) this.#parser.accept(part);
    else this.#collect(part);
    return length;
  }

  #collect(part: Buffer): void {
    // The chunk's memory may be used again by whoever made it.
    this.#pending.push(Buffer.from(part));
    this.#pendingLength += part.length;
    if (this.#pendingLength < this.#parser.length) return;
    const whole = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingLength = 0;
    this.#parser.accept(whole);
  }
}
