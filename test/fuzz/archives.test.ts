import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, it } from 'vitest';
import { makeZip } from '../../src/advisories/testing/make-zip.ts';
import { createContext } from '../../src/core/context.ts';
import { isCinzelError } from '../../src/core/errors.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import { layerContent } from '../../src/filesystem/layer-content.ts';
import { mergedFilesystem } from '../../src/filesystem/merged-filesystem.ts';
import { readLayers } from '../../src/filesystem/read-layers.ts';
import { readStream, readStreamRange } from '../../src/filesystem/read-stream.ts';
import { arMembers } from '../../src/formats/ar.ts';
import { debMembers } from '../../src/formats/deb.ts';
import { decompress } from '../../src/formats/decompress.ts';
import { tarEntryStreams } from '../../src/formats/tar/entries.ts';
import { expandSparse, tarEntries } from '../../src/formats/tar/read.ts';
import { openZip, zipBytes } from '../../src/formats/zip.ts';
import { openLocalImage, recognisePath } from '../../src/image/open.ts';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { dockerArchive, folderArchive } from '../bad-input/images.ts';
import { chunked, drain, type FuzzTarget, fuzz } from './fuzz.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const limits = {
  ...defaultLimits,
  layerBytes: 8 * 1024 ** 2,
  fileBytes: 1024 ** 2,
  entries: 10_000,
  ratioFloor: 1024 ** 2,
};
const context = createContext({ limits });

function layerOf(): Buffer {
  return makeLayer([
    { name: 'etc/' },
    { name: 'etc/os-release', content: 'ID=debian\n' },
    { name: 'link', link: '../etc' },
    { name: 'link/file', content: 'x'.repeat(700) },
    { name: 'hard', type: 'hardlink', link: 'etc/os-release' },
    { name: `long/${'n'.repeat(150)}`, content: 'y', uid: 3_000_000, xattrs: new Map([['user.a', Buffer.from('b')]]) },
    { name: 'etc/.wh.gone' },
    { name: 'etc/.wh..wh..opq' },
    { name: 'null', type: 'character', device: { major: 1, minor: 3 } },
  ]);
}

/** What other tools write: GNU's long names and sparse files, and PAX's. */
function foreignTars(): readonly Buffer[] {
  const source = join(folder, 'tar');
  execFileSync('sh', [
    '-c',
    `mkdir -p "$0/${'d'.repeat(120)}" && cd "$0" && truncate -s 300000 sparse && printf x >> sparse && ln -s ${'t'.repeat(130)} s && ln sparse h`,
    source,
  ]);
  const forms = [['--format=gnu'], ['--format=gnu', '--sparse'], ['--format=pax', '--sparse']];
  return [
    ...forms.map((flags) =>
      execFileSync('tar', ['-cf', '-', ...flags, '-C', source, '.'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ),
    ...['0.0', '0.1', '1.0'].map((version) =>
      execFileSync('tar', [
        '-cf',
        '-',
        '--sparse',
        `--sparse-version=${version}`,
        '--format=pax',
        '-C',
        source,
        'sparse',
      ]),
    ),
  ];
}

/** The archive with the checksum of each header set right, so that damage to other fields is not seen at once. */
function repaired(archive: Buffer): Buffer {
  const whole = Buffer.from(archive);
  for (let at = 0; at + 512 <= whole.length; at += 512) {
    const block = whole.subarray(at, at + 512);
    if (block.toString('latin1', 257, 262) !== 'ustar') continue;
    block.write('        ', 148, 'latin1');
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return whole;
}

async function readLayer(input: Buffer): Promise<void> {
  const open = (): AsyncIterable<Uint8Array> => chunked(input);
  const selector = (): boolean => true;
  const { index, kept } = await readStream(open, { context, selector, verify: true, layer: 0 });
  const content = layerContent(index, kept, (offset, length) => readStreamRange(open, offset, length));
  const filesystem = mergedFilesystem([content, content], { context, selector, report: () => {} });
  for (const entry of filesystem.entries()) {
    filesystem.resolve(entry.path);
    if (entry.type === 'file') await filesystem.read(entry.path);
  }
}

async function readZip(input: Buffer): Promise<void> {
  const archive = openZip(zipBytes(input), { entries: 1000, entryBytes: 100_000, totalBytes: 1_000_000 }, 'zip');
  for (const entry of archive.entries) {
    try {
      archive.read(entry);
    } catch (error) {
      // One bad entry says nothing about the next.
      if (!isCinzelError(error)) throw error;
    }
  }
}

async function readImage(input: Buffer): Promise<void> {
  const path = join(folder, 'image');
  writeFileSync(path, input);
  const reference = await recognisePath(path, context);
  if (reference === undefined || reference.kind === 'sbom') return;
  const image = await openLocalImage(reference, { context, typed: path });
  const { filesystem } = await readLayers(image.layers, { context, selects: ['/**'], cacheKey: 'fuzz', verify: false });
  for (const { path: at, type } of filesystem.entries()) if (type === 'file') await filesystem.read(at);
  await image.close();
}

function seedsOfImages(): readonly Buffer[] {
  const layers = [layerOf(), makeLayer([{ name: 'app', content: 'x' }])];
  makeLayout(join(folder, 'layout'), { layers, tag: 'v1' });
  makeLayout(join(folder, 'layout-gzip'), { layers, tag: 'v1', compression: 'gzip' });
  return [dockerArchive(layers), folderArchive(join(folder, 'layout')), folderArchive(join(folder, 'layout-gzip'))];
}

function debOf(): Buffer {
  const root = join(folder, 'deb');
  execFileSync('sh', [
    '-c',
    'mkdir -p "$0/DEBIAN" "$0/usr/share/doc/x" && echo hi > "$0/usr/share/doc/x/changelog"',
    root,
  ]);
  writeFileSync(
    join(root, 'DEBIAN/control'),
    'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: d\n',
  );
  execFileSync('dpkg-deb', ['-Zgzip', '-b', root, join(folder, 'x.deb')], { stdio: 'ignore' });
  return readFileSync(join(folder, 'x.deb'));
}

const plainText = Buffer.from('some text that repeats, some text that repeats\n'.repeat(40));
const foreign = foreignTars();
const images = seedsOfImages();
const deb = debOf();

const targets: Readonly<Record<string, FuzzTarget>> = {
  'tar, as a stream': {
    seeds: [layerOf(), ...foreign],
    parse: async (input) => {
      for await (const file of tarEntries(chunked(repaired(input)), { wants: () => true })) {
        if (file.bytes !== undefined && file.header.size <= 1024 ** 2)
          expandSparse(file.header, file.content, file.bytes);
      }
    },
  },
  'tar, entry by entry': {
    seeds: [layerOf(), ...foreign],
    parse: async (input) => {
      for await (const { content } of tarEntryStreams(chunked(repaired(input)))) await drain(content);
    },
  },
  gzip: {
    seeds: [gzipSync(plainText)],
    parse: (input) => drain(decompress(chunked(input), 'gzip', { maxBytes: 1e6 })),
    cost: 2,
  },
  zstd: {
    seeds: [execFileSync('zstd', ['-q', '-c'], { input: plainText })],
    parse: (input) => drain(decompress(chunked(input), 'zstd', { maxBytes: 1e6 })),
    cost: 2,
  },
  xz: {
    seeds: [execFileSync('xz', ['-c'], { input: plainText })],
    parse: (input) => drain(decompress(chunked(input), 'xz', { maxBytes: 1e6 })),
    cost: 4,
  },
  'any compression': {
    seeds: [gzipSync(plainText)],
    parse: (input) => drain(decompress(chunked(input, 3), 'detect')),
    cost: 4,
  },
  zip: { seeds: [makeZip({ 'a.json': '{}', 'b/c': 'text '.repeat(100) })], parse: readZip },
  ar: {
    seeds: [deb],
    parse: async (input) => {
      for await (const { content } of arMembers(chunked(input))) await drain(content);
    },
  },
  deb: {
    seeds: [deb],
    parse: async (input) => {
      for await (const { tar } of debMembers(chunked(input), { maxBytes: 1e6 }))
        await drain(tarEntries(tar, { wants: () => true }));
    },
    cost: 4,
  },
  'a plain layer': { seeds: [layerOf(), ...foreign], parse: (input) => readLayer(repaired(input)), cost: 2 },
  'a layer in gzip': {
    seeds: [layerOf()],
    parse: (input) => readLayer(gzipSync(repaired(input))),
    cost: 4,
  },
  'an image in one file': { seeds: images, parse: (input) => readImage(repaired(input)), cost: 4 },
  'a compressed image in one file': { seeds: images, parse: (input) => readImage(gzipSync(repaired(input))), cost: 8 },
};

describe('readers of archives give an answer or a fault of their own', () => {
  it.each(Object.entries(targets))('%s', async (_, target) => fuzz(target));
});
