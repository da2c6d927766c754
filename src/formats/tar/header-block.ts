import { decodeName } from '../../core/path.ts';
import { blockSize } from './model.ts';

/** The fields of one 512-byte header block, before extensions (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"). */
export interface HeaderBlock {
  readonly name: string;
  /** The type flag's character; `\0` is read as `0`. */
  readonly flag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly link: string;
  readonly major: number;
  readonly minor: number;
}

/** Whether the block is all zeros: the end of an archive is two of them. */
export function isZeroBlock(block: Buffer): boolean {
  for (let index = 0; index < blockSize; index += 8) {
    if (block.readUInt32LE(index) !== 0 || block.readUInt32LE(index + 4) !== 0) return false;
  }
  return true;
}

/** Whether the block's checksum fits; unsigned as POSIX says, or signed as some old tools wrote it. */
export function hasValidChecksum(block: Buffer): boolean {
  const expected = readNumber(block, 148, 8);
  const unsigned = sumOfBytes(block) - sumOfBytes(block.subarray(148, 156)) + 8 * 32;
  return expected === unsigned || expected === unsigned - 256 * highBytes(block);
}

/** Of a block or less whose length is a multiple of 4: four bytes at a time, in lanes of 16 bits that cannot overflow. */
function sumOfBytes({ buffer, byteOffset, byteLength }: Uint8Array): number {
  const view = new DataView(buffer, byteOffset, byteLength);
  let even = 0;
  let odd = 0;
  for (let at = 0; at < byteLength; at += 4) {
    const word = view.getUint32(at);
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}

/** How many of the bytes that the checksum covers are negative where bytes have signs. */
function highBytes(block: Uint8Array): number {
  return block.reduce((count, byte, at) => (byte > 127 && (at < 148 || at >= 156) ? count + 1 : count), 0);
}

/** Reads the block's fields; a number that cannot be read is NaN. */
export function readHeaderBlock(block: Buffer): HeaderBlock {
  const extended = block.readUInt32BE(257) === 0x75737461 && block[261] === 0x72;
  const posix = extended && block[262] === 0;
  const prefix = posix && block[345] !== 0 ? readText(block, 345, 155) : '';
  const name = readText(block, 0, 100);
  const flag = block[156] ?? 0;
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    flag: flag === 0 ? '0' : String.fromCharCode(flag),
    mode: readNumber(block, 100, 8),
    uid: readNumber(block, 108, 8),
    gid: readNumber(block, 116, 8),
    size: readNumber(block, 124, 12),
    mtime: readNumber(block, 136, 12),
    link: readText(block, 157, 100),
    major: extended ? readNumber(block, 329, 8) : 0,
    minor: extended ? readNumber(block, 337, 8) : 0,
  };
}

/** NUL-terminated text that may fill its whole field. */
export function readText(block: Buffer, start: number, length: number): string {
  let end = start;
  let ascii = true;
  while (end < start + length) {
    const byte = block[end] ?? 0;
    if (byte === 0) break;
    if (byte > 127) ascii = false;
    end++;
  }
  return ascii ? block.toString('latin1', start, end) : decodeName(block.subarray(start, end));
}

/** Octal text, or GNU's base-256 when the first byte has its high bit set; NaN when it is neither. */
export function readNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) return readBase256(block, start, length);
  let value = 0;
  let digits = 0;
  for (let index = start; index < start + length; index++) {
    const byte = block[index] ?? 0;
    if (byte >= 48 && byte <= 55) {
      value = value * 8 + byte - 48;
      digits++;
    } else if (byte === 0 || byte === 32) {
      if (digits > 0) break;
    } else return Number.NaN;
  }
  return value;
}

/** Two's complement, big endian; the first byte gives its low seven bits. */
function readBase256(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  const negative = (first & 0x40) !== 0;
  let value = negative ? first | 0xffffff80 : first & 0x7f;
  for (let index = start + 1; index < start + length; index++) value = value * 256 + (block[index] ?? 0);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}
