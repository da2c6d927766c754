import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import { openLocalImage } from '../open.ts';
import { makeLayer } from '../testing/make-layout.ts';
import { openLayoutSink } from './layout-sink.ts';
import { layerOfBytes, type NewImage, writeImage } from './write-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-write-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const context = createContext();

const layers = [makeLayer([{ name: 'a', content: '1' }]), makeLayer([{ name: 'b', content: '2' }])];
const diffIds = layers.map((layer) => `sha256:${createHash('sha256').update(layer).digest('hex')}`);
const config = Buffer.from(
  JSON.stringify({
    architecture: 'arm64',
    os: 'linux',
    config: { User: '1' },
    rootfs: { type: 'layers', diff_ids: diffIds },
  }),
);

async function write(name: string, image: NewImage): Promise<string> {
  const sink = await openLayoutSink(join(folder, name), context);
  try {
    const { descriptor } = await writeImage(sink, image, 'v1');
    await sink.commit();
    return descriptor.digest;
  } finally {
    await sink.close();
  }
}

describe('an image that was made here', () => {
  const image: NewImage = {
    config,
    layers: layers.map((layer) => layerOfBytes(layer)),
    annotations: { b: '2', a: '1' },
  };

  it('can be opened, and has equal bytes each time', async () => {
    const digest = await write('one', image);
    expect(await write('two', { ...image, annotations: { a: '1', b: '2' } })).toBe(digest);
    expect(readFileSync(join(folder, 'one/index.json'))).toEqual(readFileSync(join(folder, 'two/index.json')));
    const opened = await openLocalImage(
      { kind: 'oci', path: join(folder, 'one'), tag: 'v1' },
      { context, typed: 'one' },
    );
    expect(opened.digest).toBe(digest);
    expect(opened.platform).toEqual({ os: 'linux', architecture: 'arm64' });
    expect(opened.annotations).toEqual({ a: '1', b: '2' });
    expect(opened.layers.map((layer) => layer.diffId)).toEqual(diffIds);
  });

  it('is refused when a layer is not what it is said to be, or one is missing', async () => {
    const [first = layerOfBytes(Buffer.of()), second = first] = image.layers;
    const wrong = { ...first, open: second.open };
    await expect(write('wrong', { ...image, layers: [wrong, second] })).rejects.toMatchObject({ exitCode: 4 });
    await expect(write('fewer', { ...image, layers: [first] })).rejects.toMatchObject({ code: 'untrusted.malformed' });
    expect(existsSync(join(folder, 'wrong'))).toBe(false);
    expect(existsSync(join(folder, 'fewer'))).toBe(false);
  });
});
