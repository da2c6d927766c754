import { CinzelError } from '../../core/errors.ts';

/** Numbers and texts of an ELF file in its own width and byte order. Throws `untrusted.truncated` past the end. */
export class ElfBytes {
  readonly bytes: Buffer;
  readonly wide: boolean;
  readonly #little: boolean;
  readonly #what: string;

  constructor(bytes: Uint8Array, what: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.wide = bytes[4] === 2;
    this.#little = bytes[5] !== 2;
    this.#what = what;
  }

  half(at: number): number {
    this.#check(at, 2);
    return this.#little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  word(at: number): number {
    this.#check(at, 4);
    return this.#little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /** An address, offset or size: 4 or 8 bytes. What does not fit a number is past every end, and so truncated. */
  native(at: number): number {
    if (!this.wide) return this.word(at);
    this.#check(at, 8);
    const value = this.#little ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at);
    return Number(value);
  }

  slice(at: number, length: number): Buffer {
    this.#check(at, length);
    return this.bytes.subarray(at, at + length);
  }

  #check(at: number, length: number): void {
    if (at >= 0 && length >= 0 && at + length <= this.bytes.length) return;
    throw new CinzelError('untrusted.truncated', { what: this.#what });
  }
}

/** The text at an offset of a string table; empty when the offset is outside. */
export function tableText(table: Buffer, at: number): string {
  if (at < 0 || at >= table.length) return '';
  const end = table.indexOf(0, at);
  return table.toString('latin1', at, end < 0 ? table.length : end);
}
