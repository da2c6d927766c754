import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout, type TestEntry } from '../image/testing/make-layout.ts';
import type { Filesystem } from './model.ts';
import { type Listing, listingOf, listingOfFolder } from './testing/listing.ts';
import { mergeCases } from './testing/merge-cases.ts';
import { readTestImage } from './testing/read-test-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-merge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const umoci = spawnSync('umoci', ['--version']).status === 0 || process.env['CI'] !== undefined;

async function merged(...layers: readonly (readonly TestEntry[])[]): Promise<Filesystem> {
  const { filesystem } = await readTestImage(
    { layers: layers.map(makeLayer), tag: 't' },
    {},
    mkdtempSync(join(folder, 'image-')),
  );
  return filesystem;
}

function unpacked(...layers: readonly (readonly TestEntry[])[]): Listing {
  const place = mkdtempSync(join(folder, 'umoci-'));
  makeLayout(join(place, 'image'), { layers: layers.map(makeLayer), tag: 't' });
  execFileSync('umoci', ['unpack', '--image', `${join(place, 'image')}:t`, join(place, 'bundle')], { stdio: 'pipe' });
  return listingOfFolder(join(place, 'bundle/rootfs'));
}

/** As tools write a layer: what is under a file left out, each parent folder before what it holds. */
function withParents(layer: readonly TestEntry[]): readonly TestEntry[] {
  const files = layer.filter((entry) => 'content' in entry).map(({ name }) => name);
  const possible = layer.filter(({ name }) => !files.some((file) => name.startsWith(`${file}/`)));
  const parents = possible.flatMap(({ name }) => {
    const parts = name.replace(/\/$/, '').split('/');
    return parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
  });
  const missing = [...new Set(parents)].filter((name) => !possible.some((entry) => entry.name === name));
  return [...possible, ...missing.map((name) => ({ name }))].sort((a, b) => (a.name < b.name ? -1 : 1));
}

describe('merging layers', () => {
  it.skipIf(!umoci).each(Object.entries(mergeCases))('%s, as umoci unpacks it', async (_, layers) => {
    expect(await listingOf(await merged(...layers))).toEqual(unpacked(...layers));
  });

  it('knows which layer wrote an entry', async () => {
    const filesystem = await merged(
      [
        { name: 'a', content: '0' },
        { name: 'b', content: '0' },
      ],
      [{ name: 'b', content: '1' }],
    );
    expect(filesystem.get('/a')?.layer).toBe(0);
    expect(filesystem.get('/b')?.layer).toBe(1);
  });

  it('tells what each layer did to a path', async () => {
    const filesystem = await merged(
      [{ name: 'd/x', content: '0' }],
      [{ name: 'd/x', content: '1' }],
      [{ name: '.wh.d' }],
      [{ name: 'd/x', content: '3' }],
    );
    expect(filesystem.changes('/d/x').map((change) => `${change.kind} ${change.layer}`)).toEqual([
      'written 0',
      'written 1',
      'removed 2',
      'written 3',
    ]);
    const older = filesystem.at(2);
    expect(Buffer.from((await older.read('/d/x')) ?? []).toString()).toBe('1');
    expect(filesystem.at(3).get('/d/x')).toBeUndefined();
  });

  it.skipIf(!umoci)('agrees with umoci on layers made at random', async () => {
    const names = fc.constantFrom('a', 'b', 'a/b', 'a/c', 'b/a', 'b/b/c', 'c/d/e');
    const entry = fc.oneof(
      fc.record({ name: names, content: fc.constantFrom('1', '2', '3') }),
      fc.record({ name: names.map((name) => `${name}/`), mode: fc.constantFrom(0o755, 0o700) }),
      fc.record({ name: names.map((name) => name.replace(/[^/]+$/, '.wh.$&')) }),
      fc.record({ name: fc.constantFrom('a', 'b', 'c').map((name) => `${name}/.wh..wh..opq`) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(entry, { selector: ({ name }) => name.replace(/\/$|\.wh\./g, ''), maxLength: 5 }), {
          minLength: 2,
          maxLength: 3,
        }),
        async (layers) => {
          const consistent = layers.map((layer) => withParents(layer));
          expect(await listingOf(await merged(...consistent))).toEqual(unpacked(...consistent));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('hostile layers', () => {
  it('drops entries that leave the root, and links that lead nowhere, and says so', async () => {
    const { filesystem, diagnostics } = await readTestImage(
      {
        layers: [
          makeLayer([
            { name: '../escape', content: 'x' },
            { name: 'ok/../../escape', content: 'x' },
            { name: 'nowhere', type: 'hardlink', link: 'missing' },
            { name: 'self', type: 'hardlink', link: 'self' },
            { name: '/absolute', content: 'kept' },
            { name: 'fine', content: 'kept' },
          ]),
        ],
      },
      {},
      mkdtempSync(join(folder, 'image-')),
    );
    expect([...filesystem.entries()].map((entry) => entry.path)).toEqual(['/', '/absolute', '/fine']);
    expect(diagnostics().map(({ code }) => code)).toEqual(Array(4).fill('layer.entry-dropped'));
  });

  it('resolves links inside the image only, and gives up on loops', async () => {
    const filesystem = await merged([
      { name: 'etc/' },
      { name: 'etc/passwd', content: 'inside' },
      { name: 'up', link: '../../../../etc/passwd' },
      { name: 'loop', link: 'loop' },
      { name: 'ping', link: 'pong' },
      { name: 'pong', link: 'ping' },
      { name: 'out', link: '/../../etc' },
    ]);
    expect(Buffer.from((await filesystem.read('/up')) ?? []).toString()).toBe('inside');
    expect(Buffer.from((await filesystem.read('/out/passwd')) ?? []).toString()).toBe('inside');
    expect(filesystem.resolve('/loop')).toBeUndefined();
    expect(filesystem.resolve('/ping')).toBeUndefined();
    expect(filesystem.get('/loop')?.type).toBe('symlink');
  });
});
