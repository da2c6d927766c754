import { CinzelError } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';

/** Reads a stream of chunks by counts of bytes, in order and once. Whoever makes it closes it. */
export class ByteReader {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #what: Subject;
  #rest: Uint8Array = new Uint8Array(0);
  #position = 0;

  /** `what` names the input in errors. */
  constructor(source: AsyncIterable<Uint8Array>, what: Subject) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#what = what;
  }

  /** How many bytes have been handed out or skipped. */
  get position(): number {
    return this.#position;
  }

  /** Exactly `length` bytes, which the caller has bounded, or undefined at the end. Throws `untrusted.truncated`. */
  async read(length: number): Promise<Uint8Array | undefined> {
    if (length === 0) return new Uint8Array(0);
    if (!(await this.#fill())) return undefined;
    const parts: Uint8Array[] = [];
    for await (const part of this.stream(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The next `length` bytes as they come. Throws `untrusted.truncated` when the input ends before. */
  async *stream(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (!(await this.#fill())) throw new CinzelError('untrusted.truncated', { what: this.#what });
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      this.#position += part.length;
      yield part;
    }
  }

  /** Passes over everything before `position`. Throws `untrusted.truncated`. */
  async skipTo(position: number): Promise<void> {
    for await (const _ of this.stream(position - this.#position));
  }

  /** Stops the producer. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#iterator.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }
}
