import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeElf } from '../formats/elf/testing/make-elf.ts';
import { makeLayer, makeLayout, type TestImage } from '../image/testing/make-layout.ts';
import { testToolbox } from './testing/test-toolbox.ts';
import type { Toolbox } from './toolbox.ts';
import { why } from './why.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-why-'));
afterAll(() => rmSync(folder, { recursive: true }));

const status = `Package: server
Status: install ok installed
Version: 1
Architecture: amd64
Description: x

Package: libused
Status: install ok installed
Version: 1
Architecture: amd64
Description: x

Package: idle
Status: install ok installed
Version: 1
Architecture: amd64
Description: x
`;

const base = makeLayer([
  { name: 'usr/lib/libused.so', content: makeElf({}) },
  { name: 'usr/bin/idle', content: makeElf({}), mode: 0o755 },
  { name: 'var/lib/dpkg/status', content: status },
  { name: 'var/lib/dpkg/info/server.list', content: '/usr/bin/server\n' },
  { name: 'var/lib/dpkg/info/libused.list', content: '/usr/lib/libused.so\n/usr/share/doc/libused/copyright\n' },
  { name: 'var/lib/dpkg/info/idle.list', content: '/usr/bin/idle\n' },
]);
const application = makeLayer([
  { name: 'usr/bin/server', content: makeElf({ needed: ['libused.so'] }), mode: 0o755 },
  { name: 'srv/index.txt', content: 'x' },
]);

function image(name: string, parts: Partial<TestImage> = {}): string {
  makeLayout(join(folder, name), { layers: [base, application], config: { Entrypoint: ['server'] }, ...parts });
  return `oci:${join(folder, name)}`;
}

function toolbox(): Toolbox {
  return testToolbox({ offline: true, 'cache.dir': join(folder, 'cache') });
}

describe('why', () => {
  it.each(['none', 'gzip', 'zstd'] as const)('gives the way to a path, of layers stored as %s', async (compression) => {
    const { answers } = await why(image(compression, { compression }), '/usr/lib/libused.so', toolbox());
    expect(answers).toEqual([
      {
        subject: '/usr/lib/libused.so',
        answer: 'yes',
        reason: 'the entrypoint reaches /usr/lib/libused.so',
        chain: [
          { path: '/usr/bin/server', kind: 'entrypoint', detail: 'server' },
          { path: '/usr/lib/libused.so', kind: 'needed', detail: 'libused.so' },
        ],
        neededBy: [{ path: '/usr/bin/server', kind: 'needed', detail: 'libused.so' }],
        ties: ['/usr/bin/server'],
      },
    ]);
  });

  it('decompresses each layer once into the cache', async () => {
    const tools = testToolbox({ offline: true, 'cache.dir': join(folder, 'spooled') });
    await why(image('spooled-image', { compression: 'gzip' }), '/usr/bin/server', tools);
    const usage = await (await tools.cache()).usage();
    expect(usage.find(({ kind }) => kind === 'spool')).toMatchObject({ entries: 2 });
    expect(usage.find(({ kind }) => kind === 'part')?.entries ?? 0).toBe(0);
    await why(`oci:${join(folder, 'spooled-image')}`, 'idle', tools);
    expect((await (await tools.cache()).usage()).find(({ kind }) => kind === 'spool')).toMatchObject({ entries: 2 });
  });

  it('reads on where the cache cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const tools = testToolbox({ offline: true, 'cache.dir': join(folder, 'file/cache') });
    const { answers } = await why(image('uncached', { compression: 'gzip' }), 'libused', tools);
    expect(answers[0]?.answer).toBe('yes');
  });

  it('answers for packages by name, id and purl', async () => {
    const reference = image('packages');
    const answer = async (target: string) => (await why(reference, target, toolbox())).answers[0]?.answer;
    expect(await answer('libused')).toBe('yes');
    expect(await answer('deb/libused@1:amd64')).toBe('yes');
    expect(await answer('idle')).toBe('no');
  });

  it('says that nothing reaches a path', async () => {
    const { answers } = await why(image('nothing'), '/srv/index.txt', toolbox());
    expect(answers).toEqual([
      { subject: '/srv/index.txt', answer: 'no', reason: 'nothing that the entrypoint reaches needs it' },
    ]);
  });

  it('says what the image does not have, and that it runs nothing', async () => {
    const reference = image('faults');
    await expect(why(reference, '/nowhere', toolbox())).rejects.toMatchObject({ code: 'environment.not-found' });
    await expect(why(reference, 'nobody', toolbox())).rejects.toMatchObject({ code: 'environment.not-found' });
    const silent = image('silent', { config: {} });
    await expect(why(silent, '/usr/bin/server', toolbox())).rejects.toMatchObject({ exitCode: 2 });
  });
});
