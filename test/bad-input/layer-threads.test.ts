import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { createWorkplace, expectAnswer, expectRefusal } from './command.ts';
import { copyLayout, debianFiles, replaceLayer } from './images.ts';

const { at, run, close } = createWorkplace();
afterAll(close);

// Large enough, compressed, that threads read the layers.
const layers = [
  makeLayer([...debianFiles, { name: 'usr/lib/one', content: randomBytes(6 * 1024 ** 2) }]),
  makeLayer([
    { name: 'usr/lib/two', content: randomBytes(6 * 1024 ** 2) },
    { name: 'app/node_modules/left-pad/package.json', content: '{"name":"left-pad","version":"1.3.0"}' },
    { name: '../escape', content: 'outside' },
  ]),
];
makeLayout(at('plain'), { layers, tag: 'v1' });
makeLayout(at('gzip'), { layers, tag: 'v1', compression: 'gzip' });
makeLayout(at('zstd'), { layers, tag: 'v1', compression: 'zstd' });

describe('compressed layers that threads read', () => {
  it.each(['gzip', 'zstd'])('are the plain ones: %s', async (compression) => {
    const plain = expectAnswer(await run('sbom', '-o', 'json', `oci:${at('plain')}`));
    const read = expectAnswer(await run('sbom', '-o', 'json', `oci:${at(compression)}`));
    expect(read.packages).toEqual(plain.packages);
    expect(read.packages.map(({ name }) => name)).toContain('left-pad');
    expect(read.diagnostics).toEqual(plain.diagnostics);
    expect(read.diagnostics).toMatchObject([{ layer: 1 }]);
    expect(read.image.layers.map(({ verified }) => verified)).toEqual(['read', 'read']);
  });

  it('are refused when they break off, hold another layer, or are larger than allowed', async () => {
    const cut = copyLayout(at('gzip'), at('cut'));
    replaceLayer(cut, 1, (bytes) => bytes.subarray(0, bytes.length - 1000));
    expectRefusal(await run('scan', `oci:${cut}`), 4, 'Layer 1');

    const other = copyLayout(at('gzip'), at('other'));
    replaceLayer(other, 0, (bytes) => {
      const changed = gunzipSync(bytes);
      changed[changed.length - 2000] = (changed.at(-2000) ?? 0) ^ 1;
      return gzipSync(changed);
    });
    expectRefusal(await run('scan', `oci:${other}`), 4, 'Layer 0', /sha256:/);

    expectRefusal(await run('scan', '--limit', 'layerBytes=1MiB', `oci:${at('gzip')}`), 4, '"layerBytes"');
  });
});
