import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { createWorkplace, expectAnswer, expectRefusal } from './command.ts';
import { blobPath, copyLayout, debianFiles, dockerArchive, folderArchive, replaceLayer } from './images.ts';

const { at, run, close } = createWorkplace();
afterAll(close);

const layers = [
  makeLayer([...debianFiles, { name: 'usr/lib/big', content: Buffer.alloc(40_000, 'data') }]),
  makeLayer([{ name: 'app/' }, { name: 'app/index.js', content: 'console.log(1)\n' }]),
];

interface Place {
  readonly name: string;
  readonly header: number;
  readonly content: number;
  readonly size: number;
}

/** Where the entries of an archive of short names lie. */
function placesOf(archive: Buffer): readonly Place[] {
  const places: Place[] = [];
  for (let header = 0; archive[header] !== 0 && header < archive.length; ) {
    const size = Number.parseInt(archive.toString('latin1', header + 124, header + 135), 8);
    const name = archive.toString('latin1', header, archive.indexOf(0, header));
    places.push({ name, header, content: header + 512, size });
    header += 512 + Math.ceil(size / 512) * 512;
  }
  return places;
}

/** Files that an archive can do without. */
const optional = ['oci-layout'];

/** Every kind of place at which an archive can break off before all that is needed is there. */
function cutsOf(archive: Buffer): readonly (readonly [what: string, length: number])[] {
  const places = placesOf(archive).filter(({ name }) => !optional.includes(name));
  const needed = Math.max(...places.map(({ content, size }) => content + size));
  const end = archive.length - 1024;
  return [
    ['inside the first header', 100],
    ['inside the last header', (places.at(-1)?.header ?? 0) + 100],
    ['inside the end blocks', end + 100],
    ['inside the second end block', end + 700],
    ...places.flatMap(({ name, header, content, size }, index) => {
      const cuts: [string, number][] = [
        [`before ${index === 0 ? 'the content of ' : ''}${name}`, index === 0 ? content : header],
        [`before the content of ${name}`, content],
        [`inside the content of ${name}`, content + Math.floor(size / 2)],
        [`inside the padding of ${name}`, content + size + 1],
      ];
      return cuts.slice(index === 0 ? 1 : 0).filter(([, length]) => length < needed);
    }),
  ];
}

makeLayout(at('plain'), { layers, tag: 'v1' });
makeLayout(at('gzip'), { layers, tag: 'v1', compression: 'gzip' });
makeLayout(at('zstd'), { layers, tag: 'v1', compression: 'zstd' });

describe.each([
  ['docker-archive', dockerArchive(layers)],
  ['docker-archive', dockerArchive(layers, 'manifest')],
  ['oci-archive', folderArchive(at('plain'))],
  ['oci-archive', folderArchive(at('gzip'))],
])('a %s (%#) that breaks off', (kind, archive) => {
  it.each(cutsOf(archive))('%s is refused', async (_, length) => {
    writeFileSync(at('cut.tar'), archive.subarray(0, length));
    expectRefusal(await run('scan', `${kind}:${at('cut.tar')}`), 4, at('cut.tar'));
  });

  it('is read when it lacks nothing but its end blocks and padding', async () => {
    const padding = kind === 'oci-archive' || placesOf(archive).at(-1)?.name === 'manifest.json' ? 20 : 0;
    for (const kept of [-padding, 0, 512]) {
      writeFileSync(at('cut.tar'), archive.subarray(0, archive.length - 1024 + kept));
      const { packages } = expectAnswer(await run('sbom', '-o', 'json', `${kind}:${at('cut.tar')}`));
      expect(packages.map(({ name }) => name)).toEqual(['bash', 'zlib1g']);
    }
  });
});

describe.each([
  ['gzip', gzipSync(dockerArchive(layers))],
  ['zstd', execFileSync('zstd', ['-q', '-c'], { input: dockerArchive(layers) })],
  ['xz', execFileSync('xz', ['-c'], { input: dockerArchive(layers) })],
])('a Docker archive compressed with %s that breaks off', (_, archive) => {
  it.each([1, 3, 7, 12, 30, 200, 0.25, 0.5, 0.9, -40, -9, -5, -1])('after %d of its bytes is refused', async (part) => {
    const length = part < 0 ? archive.length + part : part < 1 ? Math.floor(archive.length * part) : part;
    writeFileSync(at('cut.tar.z'), archive.subarray(0, length));
    expectRefusal(await run('scan', `docker-archive:${at('cut.tar.z')}`), 4, at('cut.tar.z'));
  });

  it('inside, when the compression is whole, is refused', async () => {
    const plain = dockerArchive(layers);
    for (const [, length] of cutsOf(plain).slice(0, 8)) {
      writeFileSync(at('cut.tar.gz'), gzipSync(plain.subarray(0, length)));
      expectRefusal(await run('scan', `docker-archive:${at('cut.tar.gz')}`), 4, at('cut.tar.gz'));
    }
  });
});

describe.each(['plain', 'gzip', 'zstd'])('a layer stored as %s that breaks off', (form) => {
  it('as a file is refused', async () => {
    const folder = copyLayout(at(form), at(`${form}-file`));
    const { layers: named } = manifestOf(folder);
    const file = blobPath(folder, named[0]?.digest ?? '');
    const { length } = readFileSync(file);
    for (const kept of [0, 5, 100, Math.floor(length / 2), length - 1]) {
      cpSync(blobPath(at(form), named[0]?.digest ?? ''), file);
      truncateSync(file, kept);
      expectRefusal(await run('scan', `oci:${folder}`), 4);
    }
  });

  it.each([5, 100, 0.5, -1100, -700, -9, -1])('after %d of its bytes, its digest fitting, is refused', async (part) => {
    const folder = copyLayout(at(form), at(`${form}${part}`));
    const cut = ({ length }: Buffer): number =>
      part < 0 ? length + part : part < 1 ? Math.floor(length * part) : part;
    replaceLayer(folder, 0, (bytes) => bytes.subarray(0, cut(bytes)));
    expectRefusal(await run('scan', `oci:${folder}`), 4, /[Ll]ayer 0/);
  });
});

function manifestOf(folder: string): { readonly layers: readonly { readonly digest: string }[] } {
  const index = JSON.parse(readFileSync(`${folder}/index.json`, 'utf8')) as { manifests: [{ digest: string }] };
  return JSON.parse(readFileSync(blobPath(folder, index.manifests[0].digest), 'utf8')) as ReturnType<typeof manifestOf>;
}
