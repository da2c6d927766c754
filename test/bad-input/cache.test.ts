import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { createDesk, type Desk, expectAnswer } from './started-command.ts';

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
  const content = 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n';
  const layer = makeLayer([{ name: 'usr/lib/python3/dist-packages/demo-1.0.dist-info/METADATA', content }]);
  makeLayout(desk.at('image'), { layers: [layer], compression: 'gzip' });
});
afterEach(() => desk.close());

async function layersOf(...words: readonly string[]): Promise<readonly string[]> {
  const { packages, image } = expectAnswer(await desk.run('sbom', `oci:${desk.at('image')}`, '-o', 'json', ...words));
  expect(packages).toMatchObject([{ name: 'demo', version: '1.0' }]);
  return image.layers.map(({ verified }) => verified);
}

it('answers from the cache without a byte of the layer', async () => {
  expect(await layersOf('--no-verify')).toEqual(['no']);
  expect(await layersOf()).toEqual(['read']);
  const blobs = desk.at('image', 'blobs', 'sha256');
  for (const name of readdirSync(blobs)) {
    const path = `${blobs}/${name}`;
    if (readFileSync(path)[0] !== '{'.charCodeAt(0)) writeFileSync(path, Buffer.alloc(statSync(path).size));
  }
  expect(await layersOf()).toEqual(['cache']);
});

it('needs no cache', async () => {
  writeFileSync(desk.at('file'), '');
  for (const place of ['/dev/null', desk.at('file', 'below')]) {
    expect(await layersOf('--cache-dir', place)).toEqual(['read']);
    expect(await layersOf('--cache-dir', place)).toEqual(['read']);
  }
});

it('leaves alone what others have in its place', async () => {
  mkdirSync(desk.at('cache', 'content', 'layer', 'ab'), { recursive: true });
  writeFileSync(desk.at('cache', 'content', 'layer', 'ab', 'thesis.txt'), 'mine');
  await layersOf();
  expect((await desk.run('cache', 'prune')).code).toBe(0);
  expect(readFileSync(desk.at('cache', 'content', 'layer', 'ab', 'thesis.txt'), 'utf8')).toBe('mine');
});
