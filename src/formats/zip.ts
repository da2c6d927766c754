import { crc32, inflateRawSync } from 'node:zlib';
import { CinzelError } from '../core/errors.ts';
import type { Problem } from '../core/problems.ts';

/*
 * Reads ZIP archives by their central directory (PKWARE APPNOTE 6.3.10, sections 4.3.12–4.3.16):
 *
 * 1. Find the end-of-central-directory record, which is in the last 65,557 bytes; where it is saturated, the ZIP64
 *    record that its locator points to takes its place.
 * 2. Walk the central directory: it, and not the local headers, says which entries there are.
 * 3. For an entry that is asked for, step over its local header and inflate. The size may not exceed what the
 *    directory says, and the CRC must fit.
 */

/** Random access to an archive. `read` returns fewer bytes only at the end. */
export interface ZipSource {
  readonly size: number;
  readonly read: (offset: number, length: number) => Uint8Array;
}

export interface ZipLimits {
  readonly entries: number;
  /** Uncompressed bytes of one entry. */
  readonly entryBytes: number;
  /** Uncompressed bytes of all entries that are read. */
  readonly totalBytes: number;
}

export interface ZipEntry {
  /** As written; may be absolute or hold `..`: it is a label, not a path. */
  readonly name: string;
  /** Uncompressed bytes, as the directory says. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly crc: number;
  readonly encrypted: boolean;
  readonly offset: number;
}

export interface ZipArchive {
  readonly entries: readonly ZipEntry[];
  readonly read: (entry: ZipEntry) => Uint8Array;
}

/** An archive that is in memory. */
export function zipBytes(bytes: Uint8Array): ZipSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/**
 * Opens an archive; `what` names it in errors. Throws `untrusted.truncated`, `untrusted.malformed`,
 * `untrusted.unsupported` (encryption, methods other than stored and deflated) and `untrusted.limit`.
 */
export function openZip(source: ZipSource, limits: ZipLimits, what: string): ZipArchive {
  const entries = readDirectory(source, limits, what);
  let left = limits.totalBytes;
  return {
    entries,
    read: (entry) => {
      if (entry.size > left) throw limit('zip-bytes', limits.totalBytes, what);
      const bytes = readEntry(source, entry, limits, what);
      left -= bytes.length;
      return bytes;
    },
  };
}

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50 };
const sizes = { local: 30, central: 46, end: 22, end64: 56, locator: 20, longestComment: 65_535 } as const;
const saturated = { short: 0xffff, long: 0xffffffff } as const;

interface Directory {
  readonly count: number;
  readonly offset: number;
  readonly size: number;
}

function readDirectory(source: ZipSource, limits: ZipLimits, what: string): readonly ZipEntry[] {
  const { count, offset, size } = findDirectory(source, what);
  if (count > limits.entries) throw limit('zip-entries', limits.entries, what);
  if (size < count * sizes.central) throw malformed(what, 'zip-directory');
  const bytes = take(source, offset, size, what);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    const { entry, length } = readCentralHeader(bytes, at, what);
    entries.push(entry);
    at += length;
  }
  return entries;
}

function findDirectory(source: ZipSource, what: string): Directory {
  const tailOffset = Math.max(0, source.size - sizes.end - sizes.longestComment);
  const tail = asBuffer(source.read(tailOffset, source.size - tailOffset));
  const at = lastEndRecord(tail);
  if (at === undefined) throw new CinzelError('untrusted.truncated', { what });
  const directory = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const full =
    directory.count === saturated.short || directory.size === saturated.long || directory.offset === saturated.long;
  return (full ? findDirectory64(source, tailOffset + at, what) : undefined) ?? directory;
}

function lastEndRecord(tail: Buffer): number | undefined {
  for (let at = tail.length - sizes.end; at >= 0; at -= 1) {
    // A signature in the comment is none: the record's own comment must reach exactly to the end.
    if (tail.readUInt32LE(at) === signatures.end && at + sizes.end + tail.readUInt16LE(at + 20) === tail.length)
      return at;
  }
  return undefined;
}

function findDirectory64(source: ZipSource, end: number, what: string): Directory | undefined {
  if (end < sizes.locator) return undefined;
  const locator = take(source, end - sizes.locator, sizes.locator, what);
  if (locator.readUInt32LE(0) !== signatures.locator) return undefined;
  const record = take(source, safeNumber(locator.readBigUInt64LE(8), what), sizes.end64, what);
  if (record.readUInt32LE(0) !== signatures.end64) throw malformed(what, 'zip64-record');
  return {
    count: safeNumber(record.readBigUInt64LE(32), what),
    size: safeNumber(record.readBigUInt64LE(40), what),
    offset: safeNumber(record.readBigUInt64LE(48), what),
  };
}

function readCentralHeader(
  bytes: Buffer,
  at: number,
  what: string,
): { readonly entry: ZipEntry; readonly length: number } {
  if (at + sizes.central > bytes.length) throw new CinzelError('untrusted.truncated', { what });
  if (bytes.readUInt32LE(at) !== signatures.central) throw malformed(what, 'zip-entry');
  const nameLength = bytes.readUInt16LE(at + 28);
  const extraLength = bytes.readUInt16LE(at + 30);
  const length = sizes.central + nameLength + extraLength + bytes.readUInt16LE(at + 32);
  if (at + length > bytes.length) throw new CinzelError('untrusted.truncated', { what });
  const nameEnd = at + sizes.central + nameLength;
  const plain = {
    size: bytes.readUInt32LE(at + 24),
    compressedSize: bytes.readUInt32LE(at + 20),
    offset: bytes.readUInt32LE(at + 42),
  };
  const entry = {
    name: bytes.toString('utf8', at + sizes.central, nameEnd),
    ...withLargeFields(plain, bytes.subarray(nameEnd, nameEnd + extraLength), what),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    encrypted: (bytes.readUInt16LE(at + 8) & 1) !== 0,
  };
  return { entry, length };
}

type PlainFields = Pick<ZipEntry, 'size' | 'compressedSize' | 'offset'>;

/** Fields that do not fit stand in the ZIP64 extra field (4.5.3), in this order and only if they are saturated. */
function withLargeFields(plain: PlainFields, extra: Buffer, what: string): PlainFields {
  const large = extraField(extra, 1);
  if (large === undefined) return plain;
  let at = 0;
  const field = (value: number): number => {
    if (value !== saturated.long) return value;
    if (at + 8 > large.length) throw malformed(what, 'zip64-field');
    at += 8;
    return safeNumber(large.readBigUInt64LE(at - 8), what);
  };
  const size = field(plain.size);
  const compressedSize = field(plain.compressedSize);
  return { size, compressedSize, offset: field(plain.offset) };
}

function extraField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

function readEntry(source: ZipSource, entry: ZipEntry, limits: ZipLimits, what: string): Uint8Array {
  const name = `${what}: ${entry.name}`;
  if (entry.size > limits.entryBytes) throw limit('zip-entry-bytes', limits.entryBytes, name);
  if (entry.encrypted) throw new CinzelError('untrusted.unsupported', { what: `${name} (encrypted)` });
  const header = take(source, entry.offset, sizes.local, name);
  if (header.readUInt32LE(0) !== signatures.local) throw malformed(name, 'zip-misplaced');
  const start = entry.offset + sizes.local + header.readUInt16LE(26) + header.readUInt16LE(28);
  const bytes = expand(take(source, start, entry.compressedSize, name), entry, name);
  if (bytes.length !== entry.size) {
    throw new CinzelError('untrusted.size', { what: name, expected: entry.size, actual: bytes.length });
  }
  if (crc32(bytes) !== entry.crc) throw malformed(name, 'checksum');
  return bytes;
}

function expand(stored: Buffer, entry: ZipEntry, name: string): Uint8Array {
  if (entry.method === 0) return stored;
  if (entry.method !== 8) throw new CinzelError('untrusted.unsupported', { what: `${name} (method ${entry.method})` });
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(1, entry.size) });
  } catch (cause) {
    throw new CinzelError('untrusted.malformed', { what: name, problem: 'bad-compression' }, { cause });
  }
}

function take(source: ZipSource, offset: number, length: number, what: string): Buffer {
  if (offset + length > source.size) throw new CinzelError('untrusted.truncated', { what });
  const bytes = source.read(offset, length);
  if (bytes.length < length) throw new CinzelError('untrusted.truncated', { what });
  return asBuffer(bytes);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function safeNumber(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(what, 'large-field');
  return Number(value);
}

function malformed(what: string, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what, problem });
}

function limit(name: string, value: number, what: string): CinzelError {
  return new CinzelError('untrusted.limit', { limit: name, value, what });
}
