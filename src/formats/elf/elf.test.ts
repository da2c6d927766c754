import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CinzelError } from '../../core/errors.ts';
import { isMissing, runTool } from '../../versions/testing/oracle.ts';
import type { ElfFile } from './model.ts';
import { neededSymbols } from './needed-symbols.ts';
import { isElf, readElf } from './read-elf.ts';
import { constantTexts } from './strings.ts';

const folders = ['/usr/bin', '/usr/sbin', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];

function realBinaries(most: number): readonly string[] {
  const all = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  const elves = all.filter((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size < 4_000_000 && isElf(readFileSync(path).subarray(0, 4));
  });
  const step = Math.max(1, Math.floor(elves.length / most));
  return elves.filter((_, index) => index % step === 0);
}

/** What `readelf -d` and `readelf -l` print, as far as it is compared. */
function readelf(path: string): { needed: string[]; soname: string[]; paths: string[]; interpreter: string[] } {
  const text = runTool('readelf', ['-W', '-d', '-l', path]);
  const of = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  return {
    needed: of(/\(NEEDED\).*\[(.*)\]/g),
    soname: of(/\(SONAME\).*\[(.*)\]/g),
    paths: of(/\((?:RPATH|RUNPATH)\).*\[(.*)\]/g),
    interpreter: of(/Requesting program interpreter: (.*)\]/g),
  };
}

function summary({ dynamic, interpreter }: ElfFile): ReturnType<typeof readelf> {
  const paths = [dynamic?.rpath, dynamic?.runpath].filter((list) => list !== undefined && list.length > 0);
  return {
    needed: [...(dynamic?.needed ?? [])],
    soname: dynamic?.soname === undefined ? [] : [dynamic.soname],
    paths: paths.map((list) => (list ?? []).join(':')),
    interpreter: interpreter === undefined ? [] : [interpreter],
  };
}

const sample = readFileSync('/bin/ls');

describe('readElf', () => {
  it.skipIf(isMissing('readelf', '--version'))('reads what readelf reads, of real programs and libraries', () => {
    const paths = realBinaries(60);
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) expect([path, summary(readElf(readFileSync(path), path))]).toEqual([path, readelf(path)]);
  });

  it.skipIf(isMissing('readelf', '--version'))('reads needed and defined symbol versions as readelf does', () => {
    for (const path of realBinaries(15)) {
      const text = runTool('readelf', ['-W', '-V', path]);
      const [, needs = ''] = text.split('Version needs section');
      const expected = [...needs.matchAll(/File: (\S+)/g)].map((match) => match[1]);
      const { dynamic } = readElf(readFileSync(path), path);
      expect([path, dynamic?.versionsNeeded.map(({ file }) => file) ?? []]).toEqual([path, expected]);
      const names = [...needs.matchAll(/Name: (\S+) /g)].map((match) => match[1]);
      expect(dynamic?.versionsNeeded.flatMap(({ versions }) => versions) ?? []).toEqual(names);
    }
  });

  it.skipIf(isMissing('readelf', '--version'))('reads the symbols that are needed in a version as readelf does', () => {
    for (const path of realBinaries(15)) {
      const text = runTool('readelf', ['-W', '--dyn-syms', path]);
      const expected = [...text.matchAll(/ (\S+)@(\S+) \(\d+\)/g)].map(([, symbol, version]) => `${symbol}@${version}`);
      const bytes = readFileSync(path);
      const found = neededSymbols(readElf(bytes, path), bytes, path).map(
        ({ symbol, version }) => `${symbol}@${version}`,
      );
      expect([path, found]).toEqual([path, expected]);
    }
  });

  it('finds texts in constant data', () => {
    const texts = [...constantTexts(readElf(sample, 'ls'), sample, /[\x20-\x7e]{4,}(?=\0)/g)];
    expect(texts.some((text) => text.includes('coreutils') || text.includes('BusyBox'))).toBe(true);
  });

  it('refuses what is no ELF file', () => {
    expect(() => readElf(Buffer.from('#!/bin/sh\n'), 'x')).toThrow(CinzelError);
    expect(() => readElf(new Uint8Array(), 'x')).toThrow(CinzelError);
  });

  it('says that a truncated file is truncated, wherever it ends', () => {
    for (const length of [4, 5, 16, 20, 40, 63, 64, 100, 600, 900]) {
      expect(() => readElf(sample.subarray(0, length), 'x')).toThrow(CinzelError);
    }
  });

  it('ends, with a fault of ours or a value, on any change of a real file', () => {
    const start = Buffer.from(sample.subarray(0, 64 * 1024));
    const change = fc.record({ at: fc.nat(4095), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const bytes = Buffer.from(start);
        for (const { at, value } of changes) bytes[at] = value;
        expectHonest(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('ends on random bytes after the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 512 }), (rest) => {
        expectHonest(Buffer.concat([sample.subarray(0, 6), rest]));
      }),
      { numRuns: 500 },
    );
  });
});

function expectHonest(bytes: Uint8Array): void {
  try {
    const elf = readElf(bytes, 'x');
    neededSymbols(elf, bytes, 'x');
    for (const _ of constantTexts(elf, bytes, /[\x20-\x7e]{4,}(?=\0)/g));
  } catch (error) {
    expect(error).toBeInstanceOf(CinzelError);
  }
}
