import { compareText } from '../core/compare-text.ts';

/** A library as the cache of the dynamic loader names it. */
export interface CachedLibrary {
  /** What programs ask for. */
  readonly soname: string;
  readonly path: string;
}

export interface LoaderCacheParts {
  readonly libraries: readonly CachedLibrary[];
  /** Kind of library and processor: FLAG_ELF_LIBC6 and one of the FLAG_*_LIB64 of glibc's `sysdeps/generic/ldconfig.h`. */
  readonly flags: number;
  readonly byteOrder: 'little' | 'big';
  /** What the program that writes caches calls itself. */
  readonly generator: string;
}

const magic = 'glibc-ld.so.cache1.1';
const headerSize = 48;
const entrySize = 24;
const extensionMagic = 0xeaa42174;
const extensionSize = 24;

/**
 * The bytes of /etc/ld.so.cache in the form that glibc 2.32 and later write (`elf/cache.c`, `sysdeps/generic/dl-cache.h`):
 * header, entries from the last soname to the first, strings of which none is stored that ends another, and the
 * generator as an extension. Libraries of one soname keep their order.
 */
export function writeLoaderCache({ libraries, flags, byteOrder, generator }: LoaderCacheParts): Uint8Array {
  const sorted = [...libraries].sort((a, b) => compareSonames(b.soname, a.soname));
  const start = headerSize + sorted.length * entrySize;
  const { text, offsets } = tailMerged(sorted.flatMap(({ soname, path }) => [soname, path]));
  const extension = Math.ceil((start + text.length) / 4) * 4;
  const bytes = Buffer.alloc(extension + extensionSize + generator.length);
  const word = (at: number, value: number): void => {
    if (byteOrder === 'little') bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
  };
  bytes.write(magic, 'latin1');
  word(20, sorted.length);
  word(24, text.length);
  bytes[28] = byteOrder === 'little' ? 2 : 3;
  word(32, extension);
  for (const [index, { soname, path }] of sorted.entries()) {
    const at = headerSize + index * entrySize;
    word(at, flags);
    word(at + 4, start + (offsets.get(soname) ?? 0));
    word(at + 8, start + (offsets.get(path) ?? 0));
  }
  text.copy(bytes, start);
  const words = [extensionMagic, 1, 0, 0, extension + extensionSize, generator.length];
  for (const [index, value] of words.entries()) word(extension + index * 4, value);
  bytes.write(generator, extension + extensionSize, 'latin1');
  return bytes;
}

/** Strings, each ended by NUL; one that ends another lies inside it. */
function tailMerged(strings: readonly string[]): {
  readonly text: Buffer;
  readonly offsets: ReadonlyMap<string, number>;
} {
  const unique = [...new Set(strings)].map((string) => ({
    string,
    reversed: Buffer.from(string, 'latin1').reverse().toString('latin1'),
  }));
  // Backwards from the last letter; the longer of two that end alike is first.
  unique.sort((a, b) => compareText(b.reversed, a.reversed));
  const offsets = new Map<string, number>();
  const stored: string[] = [];
  let end = 0;
  let last = '';
  for (const { string } of unique) {
    if (!last.endsWith(string)) {
      stored.push(`${string}\0`);
      end += string.length + 1;
      last = string;
    }
    offsets.set(string, end - 1 - string.length);
  }
  return { text: Buffer.from(stored.join(''), 'latin1'), offsets };
}

/** Orders sonames as the loader searches them: digits as numbers and after everything else (`_dl_cache_libcmp`). */
export function compareSonames(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length) {
    const [one, other] = [digitsAt(a, i), digitsAt(b, j)];
    if (one !== '' && other !== '') {
      const difference = Number(one) - Number(other);
      if (difference !== 0) return difference;
      i += one.length;
      j += other.length;
    } else if (one !== '') return 1;
    else if (other !== '') return -1;
    else {
      const difference = a.charCodeAt(i) - (b.charCodeAt(j) || 0);
      if (difference !== 0) return difference;
      i += 1;
      j += 1;
    }
  }
  return j < b.length ? -1 : 0;
}

function digitsAt(text: string, at: number): string {
  return /^\d*/.exec(text.slice(at))?.[0] ?? '';
}
