import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../core/context.ts';
import { normalizePath } from '../core/path.ts';
import type { Image } from '../image/model.ts';
import { openLocalImage } from '../image/open.ts';
import { makeLayer, makeLayout } from '../image/testing/make-layout.ts';
import { type ContentCache, openContentCache } from '../net/content-cache.ts';
import { decodeLayerRecord, encodeLayerRecord } from './layer-record.ts';
import { type LayersRead, type ReadLayersOptions, readLayers } from './read-layers.ts';

const layers = [
  makeLayer([
    { name: 'etc/' },
    { name: 'etc/a', content: 'first' },
    { name: 'etc/big', content: Buffer.alloc(200_000, 'big ') },
    { name: '../out', content: 'x' },
    { name: 'hard', type: 'hardlink', link: 'etc/a' },
    { name: 'soft', link: 'etc/a' },
    { name: 'ping', content: 'p', xattrs: new Map([['security.capability', Buffer.from([1, 0, 0, 2])]]) },
  ]),
  makeLayer([{ name: 'etc/.wh.a' }, { name: 'etc/b', content: 'second' }]),
];
const context = createContext();

let folder = '';
let cache: ContentCache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cinzel-layer-cache-'));
  cache = openContentCache(join(folder, 'cache'), { maxBytes: 1e9 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const forms = ['none', 'gzip', 'zstd', 'packed'] as const;
type Form = (typeof forms)[number];
const hasZstd = spawnSync('zstd', ['--version']).status === 0;

/** The image in this form, and how to take its layers' bytes away. */
async function openForm(
  form: Form,
): Promise<{ readonly image: Image; readonly spoil: (size: 'same' | 'none') => void }> {
  const layout = join(folder, 'image');
  makeLayout(layout, { layers, compression: form === 'packed' ? 'none' : form });
  if (form !== 'packed') {
    const image = await openLocalImage({ kind: 'oci', path: layout }, { context, typed: layout });
    const spoil = (size: 'same' | 'none'): void => {
      for (const path of blobs(layout)) spoilFile(path, size);
    };
    return { image, spoil };
  }
  const files = readdirSync(layout, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  const entries = paths.map((path) => ({ name: path.slice(layout.length + 1), content: readFileSync(path) }));
  const archive = join(folder, 'image.tar.gz');
  writeFileSync(archive, gzipSync(makeLayer(entries)));
  const image = await openLocalImage({ kind: 'oci-archive', path: archive }, { context, typed: archive });
  return { image, spoil: (size) => spoilFile(archive, size) };
}

/** All blobs but the documents, which are JSON. */
function blobs(layout: string): readonly string[] {
  const directory = join(layout, 'blobs/sha256');
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => readFileSync(path)[0] !== '{'.charCodeAt(0));
}

function spoilFile(path: string, size: 'same' | 'none'): void {
  if (size === 'none') rmSync(path);
  else writeFileSync(path, Buffer.alloc(statSync(path).size));
}

function read(image: Image, options: Partial<ReadLayersOptions> = {}): Promise<LayersRead> {
  return readLayers(image.layers, { context, selects: ['/**'], cacheKey: 'test', verify: true, cache, ...options });
}

/** Everything that can be known of what was read. */
async function all({ filesystem, diagnostics }: LayersRead): Promise<unknown> {
  const entries = [...filesystem.entries()];
  const contents = entries.map(async ({ path }) => Buffer.from((await filesystem.read(path)) ?? []).toString('base64'));
  return { entries, contents: await Promise.all(contents), diagnostics: diagnostics() };
}

function verification({ readings }: LayersRead): readonly string[] {
  return readings.map(({ verified }) => verified);
}

function recordFiles(): readonly string[] {
  const at = join(folder, 'cache');
  const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name));
}

describe.each(forms)('layers in the form "%s"', (form) => {
  const test = it.skipIf(form === 'zstd' && !hasZstd && !process.env['CI']);

  test('are read once, and then come from the cache whole, without a byte of the layer', async () => {
    const { image, spoil } = await openForm(form);
    const first = await read(image);
    expect(verification(first)).toEqual(['read', 'read']);
    const expected = await all(first);
    for (const size of ['same', 'none'] as const) {
      spoil(size);
      const again = await read(image);
      expect(verification(again)).toEqual(['cache', 'cache']);
      expect(again.readings.map((reading) => reading.size)).toEqual(layers.map(({ length }) => length));
      expect(await all(again)).toEqual(expected);
    }
  });

  test('that nobody verified do not enter the cache', async () => {
    const { image, spoil } = await openForm(form);
    expect(verification(await read(image, { verify: false }))).toEqual(['no', 'no']);
    expect(await cache.usage()).toEqual([]);
    spoil('same');
    await expect(read(image)).rejects.toMatchObject({ code: expect.stringMatching(/^untrusted\./) as string });
    expect(await cache.usage()).toEqual([]);
  });

  test('give what was not kept by reading the layer again', async () => {
    const { image, spoil } = await openForm(form);
    const narrow = { selects: ['/etc/b'] };
    await read(image, narrow);
    const { filesystem, ...rest } = await read(image, narrow);
    expect(verification({ filesystem, ...rest })).toEqual(['cache', 'cache']);
    const path = normalizePath('/etc/big') ?? expect.fail();
    expect(Buffer.from((await filesystem.read(path)) ?? []).equals(Buffer.alloc(200_000, 'big '))).toBe(true);
    spoil('none');
    await expect(filesystem.read(path)).rejects.toThrow();
    expect(Buffer.from((await filesystem.read(normalizePath('/etc/b') ?? path)) ?? []).toString()).toBe('second');
  });
});

describe('a record', () => {
  it.each<[string, (path: string) => void]>([
    ['cut', (path) => truncateSync(path, statSync(path).size - 40)],
    ['empty', (path) => truncateSync(path, 0)],
    ['changed', (path) => writeFileSync(path, readFileSync(path).fill(1, 10, 30))],
  ])('that is %s is no hit, and is written anew', async (_name, damage) => {
    const { image } = await openForm('gzip');
    const expected = await all(await read(image));
    for (const path of recordFiles()) damage(path);
    const again = await read(image);
    expect(verification(again)).toEqual(['read', 'read']);
    expect(await all(again)).toEqual(expected);
    expect(verification(await read(image))).toEqual(['cache', 'cache']);
  });

  it('of other catalogers is no hit', async () => {
    const { image } = await openForm('gzip');
    await read(image);
    expect(verification(await read(image, { cacheKey: 'other' }))).toEqual(['read', 'read']);
  });

  it('of one layer serves another image that has it, at its place there', async () => {
    const { image } = await openForm('gzip');
    await read(image);
    const other = join(folder, 'other');
    makeLayout(other, { layers: [makeLayer([{ name: 'new' }]), ...layers.slice(0, 1)], compression: 'none' });
    const again = await read(await openLocalImage({ kind: 'oci', path: other }, { context, typed: other }));
    expect(verification(again)).toEqual(['read', 'cache']);
    expect(again.diagnostics()).toMatchObject([{ code: 'layer.entry-dropped', layer: 1 }]);
  });

  it('that cannot be written is no fault', async () => {
    const { image } = await openForm('gzip');
    writeFileSync(join(folder, 'file'), '');
    const useless = openContentCache(join(folder, 'file', 'cache'), { maxBytes: 1e9 });
    for (let time = 0; time < 2; time++) {
      expect(verification(await read(image, { cache: useless }))).toEqual(['read', 'read']);
    }
  });

  it('comes back as it was, and nothing else is taken for one', async () => {
    const { image } = await openForm('gzip');
    await read(image);
    const bytes = recordFiles().map((path) => readFileSync(path).subarray(0, -32));
    for (const whole of bytes) {
      const record = decodeLayerRecord(whole) ?? expect.fail();
      expect(Buffer.from(encodeLayerRecord(record)).equals(whole)).toBe(true);
      const older = Buffer.from(whole.toString('latin1').replace(/"version":\d+/, '"version":0'), 'latin1');
      expect(decodeLayerRecord(older)).toBeUndefined();
      for (let length = 0; length < whole.length; length += 1 + Math.floor(whole.length / 300)) {
        expect(decodeLayerRecord(whole.subarray(0, length))).toBeUndefined();
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (random) => decodeLayerRecord(random) === undefined),
      { interruptAfterTimeLimit: 5_000 },
    );
  });
});
