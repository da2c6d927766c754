import { tableText } from './elf/elf-bytes.ts';

const oldMagic = 'ld.so-1.7.0';
const newMagic = 'glibc-ld.so.cache1.1';
const oldEntrySize = 12;
const newHeaderSize = 48;
const newEntrySize = 24;

/** One library that the dynamic loader's cache knows. */
export interface LoaderCacheEntry {
  readonly name: string;
  readonly path: string;
}

/**
 * The libraries of `/etc/ld.so.cache`, in the cache's order; none when the bytes are no such cache. Of its two forms
 * (glibc, `dl-cache.h`) the newer is read, which may stand behind the older in one file.
 */
export function readLoaderCache(bytes: Uint8Array): readonly LoaderCacheEntry[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = startOfNewForm(buffer);
  if (start === undefined || start + newHeaderSize > buffer.length) return [];
  const table = buffer.subarray(start);
  // The flags byte tells the order that its writer had; 0 and 2 mean little endian, or not told.
  const big = table[28] === 3;
  const word = (at: number): number => (big ? table.readUInt32BE(at) : table.readUInt32LE(at));
  const count = Math.min(word(20), Math.floor((table.length - newHeaderSize) / newEntrySize));
  return Array.from({ length: count }, (_, index): LoaderCacheEntry => {
    const at = newHeaderSize + index * newEntrySize;
    return { name: tableText(table, word(at + 4)), path: tableText(table, word(at + 8)) };
  }).filter(({ name, path }) => name !== '' && path.startsWith('/'));
}

function startOfNewForm(buffer: Buffer): number | undefined {
  if (buffer.toString('latin1', 0, newMagic.length) === newMagic) return 0;
  if (buffer.toString('latin1', 0, oldMagic.length) !== oldMagic || buffer.length < 16) return undefined;
  const end = 16 + buffer.readUInt32LE(12) * oldEntrySize;
  const start = Math.ceil(end / 8) * 8;
  return buffer.toString('latin1', start, start + newMagic.length) === newMagic ? start : undefined;
}
