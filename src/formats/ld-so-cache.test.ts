import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMissing, runTool } from '../versions/testing/oracle.ts';
import { readLoaderCache } from './ld-so-cache.ts';

const missing = isMissing('ldconfig', '-p') || !existsSync('/etc/ld.so.cache');

describe('readLoaderCache', () => {
  it.skipIf(missing)('reads what ldconfig prints of the cache here', () => {
    const printed = [...runTool('ldconfig', ['-p']).matchAll(/^\t(\S+) .*=> (.*)$/gm)];
    const expected = printed.map(([, name = '', path = '']) => ({ name, path }));
    expect(expected.length).toBeGreaterThan(10);
    expect(readLoaderCache(readFileSync('/etc/ld.so.cache'))).toEqual(expected);
  });

  it('finds nothing in what is no cache', () => {
    expect(readLoaderCache(new Uint8Array())).toEqual([]);
    expect(readLoaderCache(Buffer.from('ld.so-1.7.0\0\0\0\0\xff\xff\xff\xff', 'latin1'))).toEqual([]);
    expect(readLoaderCache(Buffer.from('glibc-ld.so.cache1.1'))).toEqual([]);
  });

  it('ends on random bytes after the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (rest) => {
        const entries = readLoaderCache(Buffer.concat([Buffer.from('glibc-ld.so.cache1.1'), rest]));
        expect(entries.every(({ path }) => path.startsWith('/'))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
