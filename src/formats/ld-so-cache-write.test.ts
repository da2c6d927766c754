import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLoaderCache } from './ld-so-cache.ts';
import { compareSonames, writeLoaderCache } from './ld-so-cache-write.ts';

const soname = fc
  .tuple(fc.constantFrom('liba', 'libb', 'libstdc++', 'xliba'), fc.integer({ min: 0, max: 12 }), fc.boolean())
  .map(([name, number, version]) => `${name}.so${version ? `.${number}` : ''}`);
const library = fc
  .tuple(soname, fc.constantFrom('/lib', '/usr/lib', '/usr/lib/x86_64-linux-gnu'))
  .map(([name, folder]) => ({ soname: name, path: `${folder}/${name}` }));

describe('writeLoaderCache', () => {
  it.each(['little', 'big'] as const)('writes what is read again, %s endian', (byteOrder) => {
    fc.assert(
      fc.property(fc.array(library), (libraries) => {
        const bytes = writeLoaderCache({ libraries, flags: 0x303, byteOrder, generator: 'ldconfig' });
        const read = readLoaderCache(bytes);
        const text = ({ name, path }: { name: string; path: string }) => `${name} ${path}`;
        expect(read.map(text).sort()).toEqual(libraries.map((one) => `${one.soname} ${one.path}`).sort());
        const names = read.map(({ name }) => name);
        expect(names).toEqual([...names].sort((a, b) => compareSonames(b, a)));
      }),
      { interruptAfterTimeLimit: 2_000 },
    );
  });

  it('stores a string that ends another inside it', () => {
    const libraries = [{ soname: 'libc.so.6', path: '/lib/libc.so.6' }];
    const bytes = writeLoaderCache({ libraries, flags: 3, byteOrder: 'little', generator: 'x' });
    expect(Buffer.from(bytes).toString('latin1').split('libc.so.6')).toHaveLength(2);
  });
});

describe('compareSonames', () => {
  it.each([
    ['libx.so.2', 'libx.so.10', -1],
    ['libx.so.10', 'libx.so.2', 1],
    ['libx.so', 'libx.so.1', -1],
    ['lib1.so', 'liba.so', 1],
    ['libx.so.01', 'libx.so.1', 0],
    ['', 'a', -1],
  ] as const)('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareSonames(a, b))).toBe(sign);
  });
});
