import { gzipSync } from 'fflate';

/**
 * The compressor of layers that must have the same bytes wherever they are made: one version of one pure-JavaScript
 * library at one level. Changing any of the three changes every image, so a lock names them.
 */
export const reproducibleGzip = { name: 'fflate', version: '0.8.3', level: 6 } as const;

/** A gzip file without name and time (RFC 1952). */
export function gzipReproducibly(plain: Uint8Array): Uint8Array {
  return gzipSync(plain, { level: reproducibleGzip.level, mtime: 0 });
}
