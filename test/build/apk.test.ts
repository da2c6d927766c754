import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTar } from '../../src/distroless/testing/parse-tar.ts';
import { serve, type TestServer } from '../../src/net/testing/serve.ts';
import { makeApk, makeApkKey, signedIndexOf, type TestApk } from '../../src/repositories/apk/testing/make-apk.ts';
import { cli, type Ended, makeFolder, plainEnvironment, runProgram } from '../cli/run.ts';
import { layoutEntries, readBlob, readManifest, referrersIn } from './project.ts';

const { path: folder, remove } = makeFolder();
const key = makeApkKey('builder@example.org-1.rsa.pub');
const served = new Map<string, Buffer>();
let server: TestServer;
let layout = join(folder, 'image');

const baselayout: TestApk = {
  name: 'alpine-baselayout-data',
  version: '3.6.5-r0',
  files: [
    { name: 'etc', type: 'directory' },
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n' },
    { name: 'etc/group', content: 'root:x:0:root\n' },
    { name: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n' },
    { name: 'tmp', type: 'directory', mode: 0o1777 },
  ],
};
const musl: TestApk = {
  name: 'musl',
  version: '1.2.5-r0',
  provides: 'so:libc.musl-x86_64.so.1=1',
  files: [
    { name: 'lib/ld-musl-x86_64.so.1', content: 'loader', mode: 0o755 },
    { name: 'lib/libc.musl-x86_64.so.1', type: 'symlink', link: 'ld-musl-x86_64.so.1' },
  ],
};
const busybox: TestApk = {
  name: 'busybox',
  version: '1.36.1-r29',
  depends: 'so:libc.musl-x86_64.so.1',
  provides: 'cmd:sh=1.36.1-r29',
  scripts: { '.post-install': '#!/bin/busybox sh\nexec /bin/busybox --install -s\n' },
  files: [
    { name: 'bin/busybox', content: 'applets', mode: 0o755 },
    { name: 'etc/busybox-paths.d/busybox', content: '/bin/sh\n/usr/bin/env\n/bin/app\n../../evil\n' },
  ],
};
const app: TestApk = {
  name: 'app',
  version: '2.0-r1',
  origin: 'app',
  depends: 'so:libc.musl-x86_64.so.1 cmd:sh alpine-baselayout-data',
  scripts: { '.post-install': '#!/bin/sh\nadduser app\n' },
  files: [
    { name: 'bin/app', content: 'app', mode: 0o4755 },
    { name: 'bin/again', type: 'hardlink', link: 'bin/app' },
    { name: 'srv', type: 'directory', uid: 5, gid: 6, mode: 0o750 },
    { name: 'srv/own', content: 'x', uid: 5, gid: 6 },
  ],
};
const noarch: TestApk = {
  name: 'data',
  version: '1-r0',
  architecture: 'noarch',
  files: [{ name: 'usr/share/d', content: 'd' }],
};

function publish(apks: readonly TestApk[], signer = key, repository = 'v3.20/main'): void {
  const made = apks.map((apk) => ({ apk, ...makeApk(apk, signer) }));
  for (const { apk, bytes } of made) served.set(`/${repository}/x86_64/${apk.name}-${apk.version}.apk`, bytes);
  const text = made.map(({ stanza }) => stanza).join('\n');
  served.set(`/${repository}/x86_64/APKINDEX.tar.gz`, signedIndexOf(text, signer));
}

function write(recipe: string, repositories = `[${server.url}/v3.20/main]`): void {
  const head = `distribution: alpine\nrepositories: ${repositories}\nkeys: [${key.name}]\n`;
  writeFileSync(join(folder, 'cinzel.build.yaml'), `${head}${recipe}\n`);
}

function run(...words: readonly string[]): Promise<Ended> {
  const env = plainEnvironment(folder, { CINZEL_CACHE_DIR: join(folder, 'cache') });
  return runProgram(process.execPath, [cli, ...words], { cwd: folder, env });
}

async function build(recipe: string, name = 'image', ...words: readonly string[]): Promise<string> {
  layout = join(folder, name);
  write(recipe);
  const { code, stdout, stderr } = await run('build', '-o', `oci:${name}`, ...words);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

async function refusal(recipe: string, repositories?: string): Promise<readonly [number | null, string]> {
  write(recipe, repositories);
  rmSync(join(folder, 'cinzel.lock.json'), { force: true });
  const { code, stderr } = await run('build', '-o', 'oci:never');
  expect(() => readFileSync(join(folder, 'never/index.json'))).toThrow();
  return [code, stderr.split('\n').find((line) => line.startsWith('cinzel:')) ?? stderr];
}

type Entries = ReturnType<typeof parseTar>;

function filesOf(digest: string): ReadonlyMap<string, Entries[number]> {
  const { layers } = readManifest(layout, digest);
  const entries = layers.flatMap((layer) => parseTar(gunzipSync(readBlob(layout, layer.digest))));
  return new Map(entries.map((entry) => [entry.path, entry]));
}

beforeAll(async () => {
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(join(folder, key.name), key.publicKey);
  server = await serve((request, response) => {
    const content = served.get(decodeURIComponent(request.url ?? ''));
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  publish([baselayout, musl, busybox, app, noarch]);
});

afterAll(async () => {
  await server.close();
  remove();
});

describe('an image of Alpine', () => {
  it('has packages with what they need, links of BusyBox, accounts, and the database', async () => {
    const digest = await build(
      'packages: [app, data]\nusers: [{ name: web, uid: 1000 }]\nuser: web\nentrypoint: [/bin/app]',
    );
    const files = filesOf(digest);
    expect(files.get('bin/app')).toMatchObject({ type: 'file', mode: 0o4755, text: 'app' });
    expect(files.get('lib/libc.musl-x86_64.so.1')).toMatchObject({ type: 'symlink' });
    expect(files.get('bin/sh')).toMatchObject({ type: 'symlink' });
    expect(files.has('usr/bin/env')).toBe(true);
    expect([...files.keys()].filter((path) => path.includes('evil'))).toEqual([]);
    expect(
      files
        .get('etc/passwd')
        ?.text.split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['root', 'nobody', 'web', '']);
    expect(files.get('etc/apk/world')?.text).toBe('app\ndata\n');
    const records = (files.get('lib/apk/db/installed')?.text ?? '').split('\n\n');
    const own = records.find((record) => record.includes('P:app\n'));
    expect(own).toContain('V:2.0-r1\nA:x86_64\n');
    expect(own).toContain('F:bin\nR:app\na:0:0:4755\nZ:Q1');
    expect(own).toContain('F:srv\nM:5:6:750\nR:own\na:5:6:644\nZ:Q1');
    expect(records.filter((record) => record !== '')).toHaveLength(5);
  });

  it('is read by a scan as what it is, and documents itself', async () => {
    const digest = await build('packages: [app, data]');
    const { stdout } = await run('sbom', 'oci:image', '-o', 'json', '--offline');
    const { packages, image } = JSON.parse(stdout);
    expect(image.os).toMatchObject({ id: 'alpine', versionId: '3.20.3' });
    expect(packages.map((one: { purl: string }) => one.purl)).toEqual([
      'pkg:apk/alpine/alpine-baselayout-data@3.6.5-r0?arch=x86_64&distro=alpine-3.20.3',
      'pkg:apk/alpine/app@2.0-r1?arch=x86_64&distro=alpine-3.20.3',
      'pkg:apk/alpine/busybox@1.36.1-r29?arch=x86_64&distro=alpine-3.20.3',
      'pkg:apk/alpine/data@1-r0?arch=noarch&distro=alpine-3.20.3',
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.3',
    ]);
    const statement = JSON.parse(String(referrersIn(layout, digest).get('application/vnd.in-toto+json')));
    const { resolvedDependencies, internalParameters } = statement.predicate.buildDefinition;
    expect(resolvedDependencies).toHaveLength(5);
    expect(internalParameters.repositories).toMatchObject([{ repository: 'v3.20/main', keyName: key.name }]);
    expect(JSON.stringify(statement)).not.toContain(server.url);
  });

  it('is the same from its lock, without the index, and says whose scripts nobody knows', async () => {
    rmSync(join(folder, 'cinzel.lock.json'), { force: true });
    const digest = await build('packages: [app]');
    const lock = JSON.parse(readFileSync(join(folder, 'cinzel.lock.json'), 'utf8')).architectures.amd64.apk;
    expect(lock.packages.map((one: { name: string }) => one.name).at(-1)).toBe('app');
    expect(lock.packages[0]).toMatchObject({ checksum: expect.stringMatching(/^Q1/), repository: 'v3.20/main' });
    const index = served.get('/v3.20/main/x86_64/APKINDEX.tar.gz') ?? Buffer.of();
    served.delete('/v3.20/main/x86_64/APKINDEX.tar.gz');
    expect(await build('packages: [app]', 'again', '--frozen')).toBe(digest);
    served.set('/v3.20/main/x86_64/APKINDEX.tar.gz', index);
    const { stderr } = await run('build', '-o', 'oci:again');
    expect(stderr).toMatch(/app/);
    expect(stderr).not.toMatch(/busybox/);
  });

  it('can be made again from what it holds, which names no address, and says what differs', async () => {
    const digest = await build('packages: [app, data]\nfiles: [{ text: one, to: /etc/motd }]');
    const { config } = readManifest(layout, digest);
    expect(readBlob(layout, config.digest).toString()).not.toContain('127.0.0.1');
    expect(await run('build', '--check', 'oci:image')).toMatchObject({ code: 0, stdout: '' });
    rmSync(join(folder, 'cache'), { recursive: true });
    const unknown = await run('build', '--check', 'oci:image');
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('"v3.20/main"')]);
    expect(await run('build', '--check', 'oci:image', './cinzel.build.yaml')).toMatchObject({ code: 0, stdout: '' });
    write('packages: [app, data]\nfiles: [{ text: two, to: /etc/motd }]');
    const other = await run('build', '--check', 'oci:image', './cinzel.build.yaml');
    expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('/etc/motd')]);
  });

  it('of Wolfi has its database below usr', async () => {
    write('packages: [app]');
    const text = readFileSync(join(folder, 'cinzel.build.yaml'), 'utf8').replace('alpine', 'wolfi');
    writeFileSync(join(folder, 'wolfi.yaml'), text);
    const { code, stdout } = await run('build', './wolfi.yaml', '-o', 'oci:wolfi', '--lock', 'wolfi.json');
    expect(code).toBe(0);
    layout = join(folder, 'wolfi');
    expect(filesOf(stdout.trim()).has('usr/lib/apk/db/installed')).toBe(true);
    expect(layoutEntries(layout).length).toBe(4);
  });

  it('takes what apk calls a world', async () => {
    const digest = await build('world: ["cmd:sh", "app~2.0"]');
    expect(filesOf(digest).has('bin/app')).toBe(true);
    expect((await refusal('world: [app, "!busybox"]'))[0]).toBe(2);
    expect((await refusal('world: ["app<2"]'))[0]).toBe(2);
  });
});

describe('of two packages that bring one path', () => {
  it('hard links to what it loses keep the content', async () => {
    const taker: TestApk = {
      name: 'taker',
      version: '1-r0',
      replaces: 'app',
      files: [{ name: 'bin/app', content: 'taken' }],
    };
    const linked = {
      ...app,
      files: [...(app.files ?? []), { name: 'bin/third', type: 'hardlink' as const, link: 'bin/app' }],
    };
    publish([baselayout, musl, busybox, linked, taker]);
    const files = filesOf(await build('packages: [app, taker]', 'image', '--update'));
    expect(files.get('bin/app')?.text).toBe('taken');
    expect(files.get('bin/again')).toMatchObject({ type: 'file', mode: 0o4755, text: 'app' });
    expect(files.get('bin/third')).toMatchObject({ type: 'hardlink', link: 'bin/again' });
  });

  const other = (more: Partial<TestApk>): TestApk => ({
    name: 'rival',
    version: '1-r0',
    files: [{ name: 'bin/app', content: 'rival', mode: 0o755 }],
    ...more,
  });
  const winner = async (more: Partial<TestApk>): Promise<string | undefined> => {
    publish([baselayout, musl, busybox, app, other(more)]);
    const digest = await build('packages: [app, rival]', 'image', '--update');
    const database = filesOf(digest).get('lib/apk/db/installed')?.text ?? '';
    expect(database.match(/^R:app$/gm)).toHaveLength(1);
    return filesOf(digest).get('bin/app')?.text;
  };

  it('the one that replaces the other has it, or the later of one origin', async () => {
    expect(await winner({ replaces: 'app' })).toBe('rival');
    expect(await winner({ origin: 'app' })).toBe('rival');
    expect(await winner({ files: [{ name: 'bin/app', content: 'app', mode: 0o4755 }] })).toBe('app');
  });

  it('neither has it otherwise', async () => {
    publish([baselayout, musl, busybox, app, other({})]);
    expect(await refusal('packages: [app, rival]')).toEqual([2, expect.stringContaining('/bin/app')]);
  });
});

describe('bad input leaves nothing behind', () => {
  it('repositories that cannot be trusted or are not there', async () => {
    publish([app], { ...makeApkKey('other'), name: key.name });
    expect((await refusal('packages: [app]'))[0]).toBe(4);
    publish([app], makeApkKey('unknown.rsa.pub'));
    expect((await refusal('packages: [app]'))[0]).toBe(4);
    expect((await refusal('packages: [app]', `[${server.url}/v3.20/nothing]`))[0]).toBe(3);
    expect(await refusal('packages: [app]', '[]')).toEqual([2, expect.stringContaining('no repository of alpine')]);
    expect((await refusal('from: static\npackages: [app]'))[0]).toBe(2);
  });

  it('packages that are gone, changed, or not what they say', async () => {
    const all = [baselayout, musl, busybox, app];
    const path = '/v3.20/main/x86_64/app-2.0-r1.apk';
    const fresh = async (change: () => void): Promise<number | null> => {
      publish(all);
      change();
      rmSync(join(folder, 'cache'), { recursive: true, force: true });
      return (await refusal('packages: [app]'))[0];
    };
    expect(await fresh(() => served.delete(path))).toBe(3);
    expect(await fresh(() => served.set(path, makeApk({ ...app, files: [] }, key).bytes))).toBe(4);
    expect(await fresh(() => served.set(path, (served.get(path) ?? Buffer.of()).subarray(0, -4)))).toBe(4);
    const leaving = { ...app, files: [{ name: '../etc/x', content: 'x' }] };
    expect(await fresh(() => publish([baselayout, musl, busybox, leaving]))).toBe(4);
    expect(await fresh(() => publish([app]))).toBe(2);
  });
});
