import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeElf } from '../formats/elf/testing/make-elf.ts';
import { makeLayer, makeLayout, type TestEntry, type TestImage } from '../image/testing/make-layout.ts';
import { slim } from './slim.ts';
import type { SlimOptions } from './slim-options.ts';
import { readImage } from './testing/read-image.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-slim-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const toolbox = () => testToolbox({ offline: true, 'cache.dir': join(folder, 'cache') });
const defaults: SlimOptions = { compression: 'gzip', application: [], strict: false };
const elf = { content: makeElf({}), mode: 0o755 };

const base: readonly TestEntry[] = [
  { name: 'bin', link: 'usr/bin' },
  { name: 'usr/bin/sh', ...elf },
  { name: 'usr/bin/server', ...elf },
  { name: 'tmp/', mode: 0o1777 },
];

function image(name: string, layers: readonly (readonly TestEntry[])[], parts: Partial<TestImage> = {}): string {
  makeLayout(join(folder, name), {
    layers: layers.map(makeLayer),
    config: { Entrypoint: ['/usr/bin/server'], WorkingDir: '/app', Env: ['A=b'], Labels: { x: 'y' } },
    ...parts,
  });
  return `oci:${join(folder, name)}`;
}

const read = (reference: string) => readImage(reference, toolbox());

describe('slim', () => {
  it('writes what is kept with all that the source has of it', async () => {
    const special: readonly TestEntry[] = [
      { name: 'app/', mode: 0o2750, uid: 1000, gid: 1001, mtime: 1_600_000_000 },
      {
        name: 'app/data',
        content: 'x',
        mode: 0o4640,
        uid: 70_000,
        gid: 2,
        mtime: 1_600_000_001.5,
        xattrs: new Map([['security.capability', Uint8Array.of(1, 0, 255)]]),
      },
      {
        name: 'app/same',
        type: 'hardlink',
        link: 'app/data',
        mode: 0o4640,
        uid: 70_000,
        gid: 2,
        mtime: 1_600_000_001.5,
      },
      { name: 'app/link', link: '../bin/server' },
      { name: 'app/empty/', mode: 0o700 },
      { name: 'app/pipe', type: 'fifo' },
      { name: 'dev/null', type: 'character', device: { major: 1, minor: 3 }, mode: 0o666 },
    ];
    const source = image('exact', [base, special]);
    await slim(source, { ...defaults, destination: `oci:${join(folder, 'exact-slim')}` }, toolbox());
    const { entries, config } = await read(`oci:${join(folder, 'exact-slim')}`);
    expect([...entries.keys()].sort()).toEqual([
      './',
      'app/',
      'app/data',
      'app/empty/',
      'app/link',
      'app/pipe',
      'app/same',
      'bin',
      'dev/',
      'dev/null',
      'tmp/',
      'usr/',
      'usr/bin/',
      'usr/bin/server',
    ]);
    for (const { content: _content, ...entry } of special) {
      const { name: _name, ...expected } = entry;
      expect(entries.get(entry.name), entry.name).toMatchObject(expected);
    }
    expect(entries.get('app/data')?.content.toString()).toBe('x');
    expect(entries.get('tmp/')?.mode).toBe(0o1777);
    expect(config['config']).toEqual({
      Entrypoint: ['/usr/bin/server'],
      WorkingDir: '/app',
      Env: ['A=b'],
      Labels: { x: 'y' },
    });
  });

  it('makes a file of a hard link whose first name is dropped or was replaced', async () => {
    const layers: readonly (readonly TestEntry[])[] = [
      [...base, { name: 'srv/first', content: 'one' }, { name: 'app/second', type: 'hardlink', link: 'srv/first' }],
      [
        { name: 'app/a', content: 'old' },
        { name: 'app/b', type: 'hardlink', link: 'app/a' },
      ],
      [{ name: 'app/a', content: 'new' }],
    ];
    await slim(image('links', layers), { ...defaults, destination: `oci:${join(folder, 'links-slim')}` }, toolbox());
    const { entries } = await read(`oci:${join(folder, 'links-slim')}`);
    const found = ['app/a', 'app/b', 'app/second'].map((name) => [
      entries.get(name)?.type,
      entries.get(name)?.content.toString(),
    ]);
    expect(found).toEqual([
      ['file', 'new'],
      ['file', 'old'],
      ['file', 'one'],
    ]);
  });

  it('gives the same digest again, and the tag of the source with -slim', async () => {
    const source = image('again', [base, [{ name: 'app/x', content: 'x' }]], { tag: '1.2' });
    const run = (name: string) => slim(source, { ...defaults, destination: `oci:${join(folder, name)}` }, toolbox());
    const [one, two] = [await run('one'), await run('two')];
    expect(one.written).toMatchObject({ tag: '1.2-slim', layers: 2 });
    expect(two.written).toEqual(one.written);
    expect(one.behaviour).toBe('not checked');
    const plain = await slim(
      source,
      { ...defaults, compression: 'none', destination: `oci:${join(folder, 'one')}`, tag: 'plain' },
      toolbox(),
    );
    expect(plain.written?.digest).not.toBe(one.written?.digest);
    const index = JSON.parse(readFileSync(join(folder, 'one/index.json'), 'utf8')) as {
      manifests: { annotations?: object }[];
    };
    expect(index.manifests.filter(({ annotations }) => annotations !== undefined)).toHaveLength(2);
  });

  it('runs as another user when asked to', async () => {
    const destination = `oci:${join(folder, 'user')}`;
    await slim(image('root', [base]), { ...defaults, destination, user: '65532' }, toolbox());
    expect((await read(destination)).config).toMatchObject({ config: { User: '65532' } });
  });

  it('makes nobody special the user when asked to, or when nothing speaks against it', async () => {
    const accounts: readonly TestEntry[] = [
      { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\n' },
      { name: 'etc/group', content: 'root:x:0:\n' },
    ];
    const source = image('anybody', [[...base, ...accounts]]);
    const destination = `oci:${join(folder, 'nobody')}`;
    const report = await slim(source, { ...defaults, destination, user: 'auto' }, toolbox());
    expect(report.user).toEqual({ name: '65532', root: false, needs: [] });
    const { entries, config } = await read(destination);
    expect(config).toMatchObject({ config: { User: '65532' } });
    expect(entries.get('etc/passwd')?.content.toString()).toMatch(
      /^root:.*\nnonroot:x:65532:65532:nonroot:\/home\/nonroot:\S+\n$/,
    );
    expect(entries.get('etc/group')?.content.toString()).toBe('root:x:0:\nnonroot:x:65532:\n');
    expect(entries.get('home/nonroot/')).toMatchObject({ type: 'directory', mode: 0o700, uid: 65_532, gid: 65_532 });
    await slim(image('nameless', [base]), { ...defaults, destination, user: 'nonroot', tag: 'nameless' }, toolbox());
    const nameless = (await read(`${destination}:nameless`)).entries;
    expect(nameless.get('etc/passwd')?.content.toString()).toMatch(/^root:x:0:.*\nnonroot:x:65532:65532:.*\n$/);
    const web = image('web', [[...base, { name: 'app/secret', content: 'x', mode: 0o600 }]], {
      config: { Entrypoint: ['/usr/bin/server'], WorkingDir: '/app', ExposedPorts: { '80/tcp': {} } },
    });
    const needs = [
      { kind: 'port', detail: '80/tcp' },
      { kind: 'unreadable', detail: '/app/secret' },
    ];
    expect((await slim(web, { ...defaults, user: 'auto' }, toolbox())).user).toEqual({ root: true, needs });
    const forced = await slim(web, { ...defaults, user: 'nonroot' }, toolbox());
    expect(forced.user).toEqual({ name: '65532', root: false, needs });
  });

  it('has a runtime of the image ask what a healthcheck asked by a shell and curl', async () => {
    const tools: readonly TestEntry[] = [...base, { name: 'usr/bin/node', ...elf }, { name: 'usr/bin/curl', ...elf }];
    const health = { Test: ['CMD-SHELL', 'curl -f http://localhost:80/ || exit 1'], Interval: 5e9 };
    const source = (name: string, entrypoint: string) =>
      image(name, [tools], { config: { Entrypoint: [entrypoint], Healthcheck: health } });
    const run = async (name: string, entrypoint: string) => {
      const destination = `oci:${join(folder, `${name}-slim`)}`;
      await slim(source(name, entrypoint), { ...defaults, destination }, toolbox());
      const { entries, config } = await read(destination);
      return { names: [...entries.keys()], config };
    };
    const node = await run('checked', '/usr/bin/node');
    expect(node.names).not.toContain('usr/bin/curl');
    expect(node.names).not.toContain('usr/bin/sh');
    const test = ['CMD', '/usr/bin/node', '-e', expect.any(String), 'http://localhost/'];
    expect(node.config).toMatchObject({ config: { Healthcheck: { Test: test, Interval: 5e9 } } });
    const other = await run('asked', '/usr/bin/server');
    expect(other.names).toContain('usr/bin/curl');
    expect(other.names).not.toContain('usr/bin/sh');
    const plain = ['CMD', 'curl', '-f', 'http://localhost:80/'];
    expect(other.config).toMatchObject({ config: { Healthcheck: { Test: plain } } });
  });

  it('attaches what the image holds and how it was made, the same each time', async () => {
    const source = image('proved', [base], { tag: '1' });
    const documents = async (name: string) => {
      const layout = join(folder, name);
      await slim(source, { ...defaults, destination: `oci:${layout}` }, toolbox());
      return readFileSync(join(layout, 'index.json'), 'utf8');
    };
    const text = await documents('proved-slim');
    expect(JSON.parse(text)).toMatchObject({
      manifests: [
        {},
        ...['spdx+json', 'vnd.cyclonedx+json', 'vnd.in-toto+json'].map((type) => ({
          artifactType: `application/${type}`,
        })),
      ],
    });
    expect(await documents('proved-again')).toBe(text);
  });

  it('has nothing to do for an image without shell, package manager and anything to drop', async () => {
    const source = image('bare', [[{ name: 'usr/bin/server', ...elf }]]);
    const report = await slim(source, { ...defaults, destination: `oci:${join(folder, 'bare-slim')}` }, toolbox());
    expect(report.distroless).toBe(true);
    expect(report.written).toBeUndefined();
    const again = await slim(
      image('twice', [[...base, { name: 'usr/bin/idle', ...elf }]]),
      { ...defaults, destination: `oci:${join(folder, 'twice-slim')}` },
      toolbox(),
    );
    expect(again.distroless).toBe(false);
    expect((await slim(`oci:${join(folder, 'twice-slim')}`, defaults, toolbox())).distroless).toBe(true);
  });

  it('copies nothing beside its recipe through links of the image', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    const link = { name: 'app/a', link: outside };
    const below = { name: 'app/a/b', content: 'x' };
    const release: TestEntry = { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID=13\n' };
    for (const [name, layers] of Object.entries({
      same: [[link, below]],
      after: [[below], [link]],
      before: [[link], [below]],
    })) {
      const source = image(`linked-${name}`, [[...base, release], ...layers]);
      const file = join(folder, `linked-${name}.yaml`);
      const report = await slim(source, { ...defaults, recipe: { file, note: [] } }, toolbox());
      expect(report.recipe?.file).toBe(file);
      expect(readdirSync(outside), name).toEqual([]);
    }
  });

  it('is tagged with the tag that is given, alone or behind a name, else with the source’s and a suffix', async () => {
    const source = image('tagged', [base], { tag: '1' });
    for (const [given, tag] of [
      ['me/app:2', '2'],
      ['3', '3'],
      [undefined, '1-slim'],
    ] as const) {
      const destination = join(folder, `tagged-${tag}`);
      const named = given === undefined ? {} : { tag: given };
      await slim(`${source}:1`, { ...defaults, ...named, destination: `oci:${destination}` }, toolbox());
      const { manifests } = JSON.parse(readFileSync(join(destination, 'index.json'), 'utf8')) as {
        readonly manifests: readonly { readonly annotations?: object }[];
      };
      expect(manifests[0]?.annotations).toMatchObject({ 'org.opencontainers.image.ref.name': tag });
    }
  });

  it('says of what it can write no recipe, and leaves everything as it is', async () => {
    const file = join(folder, 'app.yaml');
    const run = (source: string) => slim(source, { ...defaults, recipe: { file, note: [] } }, toolbox());
    const problem = (name: string) => ({ exitCode: 2, parameters: { problem: name } });
    await expect(run(image('nameless', [base]))).rejects.toMatchObject(problem('distribution'));
    const release = (text: string): TestEntry => ({ name: 'etc/os-release', content: text });
    const ubuntu = image('ubuntu', [[...base, release('ID=ubuntu\nVERSION_ID=24.04\n')]]);
    await expect(run(ubuntu)).rejects.toMatchObject(problem('distribution'));
    const debian = release('ID=debian\nVERSION_ID=13\n');
    await expect(run(image('no-shell', [[{ name: 'usr/bin/server', ...elf }, debian]]))).rejects.toMatchObject(
      problem('nothing'),
    );
    const unnamed = { name: 'app/\udcff', content: 'x' };
    await expect(run(image('unnamed', [[...base, debian], [unnamed]]))).rejects.toMatchObject(problem('name'));
    expect(readdirSync(folder).filter((name) => /^\.?app\./.test(name))).toEqual([]);
    mkdirSync(join(folder, 'app.files/kept'), { recursive: true });
    await expect(run(image('occupied', [[...base, debian]]))).rejects.toMatchObject(problem('there'));
    expect(readdirSync(join(folder, 'app.files'))).toEqual(['kept']);
  });

  it('says what it cannot work with, and writes nothing', async () => {
    const destination = join(folder, 'nothing');
    const run = (source: string, more: Partial<SlimOptions> = {}) =>
      slim(source, { ...defaults, destination: `oci:${destination}`, ...more }, toolbox());
    await expect(run(image('silent', [base], { config: {} }))).rejects.toMatchObject({ exitCode: 2 });
    const elsewhere = image('elsewhere', [base], { config: { Entrypoint: ['/nowhere'] } });
    await expect(run(elsewhere)).rejects.toMatchObject({ exitCode: 3 });
    const scripts = { python: '#!/usr/bin/python3', env: '#!/usr/bin/env node' };
    for (const [name, line] of Object.entries(scripts)) {
      const script = { name: 'usr/bin/server', content: `${line}\n`, mode: 0o755 };
      await expect(run(image(name, [[...base, { name: 'usr/bin/env', ...elf }, script]]))).rejects.toMatchObject({
        exitCode: 3,
        parameters: { what: { kind: 'interpreter' } },
      });
    }
    const loaded = { content: makeElf({ interpreter: '/lib64/ld.so' }), mode: 0o755 };
    const unloadable = image('unloadable', [[...base, { name: 'usr/bin/server', ...loaded }]]);
    await expect(run(unloadable)).rejects.toMatchObject({
      exitCode: 3,
      parameters: { what: { program: '/lib64/ld.so' } },
    });
    const good = image('good', [base]);
    await expect(run(good, { application: ['/nowhere'] })).rejects.toMatchObject({ exitCode: 3 });
    await expect(run(good, { destination: 'nowhere' })).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(good, { tag: 'No Name:x' })).rejects.toMatchObject({ exitCode: 2 });
    expect(() => readFileSync(join(destination, 'index.json'))).toThrow();
  });
});
