import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CinzelError } from '../core/errors.ts';
import {
  makeTestArchive,
  type ServedArchive,
  serveTestArchive,
  type TestArchive,
} from '../repositories/apt/testing/test-archive.ts';
import { type BuildResult, build } from './build.ts';
import { checkBuild } from './check-build.ts';
import { loadRecipe } from './load-recipe.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const root = mkdtempSync(join(tmpdir(), 'cinzel-on-image-'));
let archive: TestArchive;
let served: ServedArchive;
let folder: string;
let count = 0;

beforeAll(async () => {
  const packages = [
    {
      name: 'libtool1',
      version: '1.1-1',
      controlFiles: { md5sums: 'e8acc63b1e238f3255c900eed37254b8  usr/lib/libtool.so.1\n' },
      files: [
        { name: 'usr/lib/libtool.so.1', content: 'lib' },
        { name: 'usr/lib/libtool.so', type: 'symlink' as const, link: 'libtool.so.1' },
        { name: 'etc/libtool.conf', content: 'conf' },
      ],
    },
    {
      name: 'tool',
      version: '1.0-1',
      fields: { Depends: 'libtool1 (>= 1.0)' },
      files: [{ name: 'lib/tool', content: 'a', mode: 0o755 }],
    },
    {
      name: 'taker',
      version: '1',
      fields: { Replaces: 'libtool1 (<< 2)' },
      files: [{ name: 'usr/lib/libtool.so.1', content: 'mine' }],
    },
    {
      name: 'late-taker',
      version: '1',
      fields: { Replaces: 'libtool1 (<< 1)' },
      files: [{ name: 'usr/lib/libtool.so.1', content: 'mine' }],
    },
    { name: 'rival', version: '1', files: [{ name: 'lib/libtool.so.1', content: 'other' }] },
    { name: 'twin', version: '1', files: [{ name: 'usr/lib/libtool.so.1', content: 'lib' }] },
    {
      name: 'link-taker',
      version: '1',
      fields: { Replaces: 'libtool1' },
      files: [{ name: 'usr/lib/libtool.so', content: 'no link' }],
    },
    {
      name: 'linked',
      version: '1',
      files: [
        { name: 'etc/libtool.conf', content: 'conf' },
        { name: 'usr/lib/linked.conf', type: 'hardlink' as const, link: './etc/libtool.conf' },
      ],
    },
    {
      name: 'linked-rival',
      version: '1',
      files: [
        { name: 'usr/lib/libtool.so.1', content: 'other' },
        { name: 'usr/lib/linked', type: 'hardlink' as const, link: './usr/lib/libtool.so.1' },
      ],
    },
    { name: 'link-rival', version: '1', files: [{ name: 'usr/lib/libtool.so', content: 'no link' }] },
    { name: 'conf-rival', version: '1', files: [{ name: 'etc/libtool.conf', content: 'other' }] },
    ...['less', 'more'].map((name, index) => ({
      name,
      version: '1',
      controlFiles: { postinst: `update-alternatives --install /bin/any any /bin/${name} ${index}\n` },
      files: [{ name: `bin/${name}`, content: name }],
    })),
    { name: 'over-folder', version: '1', files: [{ name: 'data', content: 'x' }] },
    { name: 'below-file', version: '1', files: [{ name: 'usr/lib/libtool.so.1/x', content: 'x' }] },
    { name: 'picky', version: '1', fields: { Depends: 'libtool1 (>= 2)' }, files: [] },
  ];
  archive = await makeTestArchive([
    { name: 'trixie', packages },
    { name: 'trixie-updates' },
    { name: 'trixie-security' },
  ]);
  served = await serveTestArchive(archive);
});

beforeEach(async () => {
  folder = join(root, String(count++));
  mkdirSync(folder);
  writeFileSync(join(folder, 'key.gpg'), Buffer.from(archive.key.publicKey.data, 'base64'));
  await buildText('base', baseText);
});

afterAll(async () => {
  await served.close();
  rmSync(root, { recursive: true });
});

const baseText = `
packages: [libtool1]
files:
  - { symlink: usr/lib, to: /lib }
  - { folder: /data, owner: app, mode: "0700" }
users: [{ name: app, uid: 1000, home: / }]
user: app
workdir: /data
entrypoint: [/bin/run]
cmd: [one]
env: { PATH: /bin, KEPT: yes }
labels: { a: "1" }
`;

interface Use {
  readonly frozen?: boolean;
}

/** Builds a recipe that is written out into the layout of that name, with a lock beside it. */
async function buildText(name: string, text: string, { frozen = false }: Use = {}): Promise<BuildResult> {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, `mirror: ${served.url}\nkeys: [key.gpg]\n${text}`);
  const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache') });
  const file = join(folder, `${name}.json`);
  const lock = { file, frozen, update: false, allowExpired: false, allowEol: false, report: () => {} };
  try {
    return await build(
      {
        recipe: await loadRecipe(path, {}),
        destination: `oci:${join(folder, name)}`,
        compression: 'gzip',
        documents: false,
        lock,
      },
      toolbox,
    );
  } finally {
    await toolbox.close();
  }
}

function read(name: string) {
  const blob = (digest: string): Buffer => readFileSync(join(folder, name, 'blobs', digest.replace(':', '/')));
  const index = JSON.parse(readFileSync(join(folder, name, 'index.json'), 'utf8'));
  const digest: string = index.manifests[0].digest;
  const manifest = JSON.parse(blob(digest).toString());
  const digests: readonly string[] = manifest.layers.map((layer: { readonly digest: string }) => layer.digest);
  const list = (layer: string): readonly string[] =>
    execFileSync('tar', ['-tzf', join(folder, name, 'blobs', layer.replace(':', '/'))])
      .toString()
      .split('\n');
  return { digest, digests, config: JSON.parse(blob(manifest.config.digest).toString()), list, manifest };
}

async function check(name: string) {
  const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache'), mirror: served.url });
  try {
    return await checkBuild({ image: `oci:${join(folder, name)}`, folder, report: () => {} }, toolbox);
  } finally {
    await toolbox.close();
  }
}

async function faultOf(work: Promise<unknown>): Promise<CinzelError> {
  const error = await work.then(() => undefined).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CinzelError);
  return error as CinzelError;
}

describe('an image that is made on another', () => {
  it('keeps its layers and configuration, and adds only the packages that it lacks', async () => {
    const base = read('base');
    const { packages } = await buildText(
      'out',
      'from: oci:base\npackages: [tool]\nenv: { PATH: /sbin }\nfiles: [{ text: x, to: /data/x, owner: app }]\n',
    );
    const out = read('out');
    expect(packages).toBe(2);
    expect(out.digests.slice(0, base.digests.length)).toEqual(base.digests);
    expect(out.config.rootfs.diff_ids.slice(0, base.digests.length)).toEqual(base.config.rootfs.diff_ids);
    expect(out.config.history).toHaveLength(out.digests.length);
    expect(out.config.config).toMatchObject({
      ...base.config.config,
      Env: ['PATH=/sbin', 'KEPT=yes'],
      Labels: { a: '1' },
    });
    expect(out.manifest.annotations['org.opencontainers.image.base.digest']).toBe(base.digest);
    const lock = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
    expect(lock.architectures.amd64.from).toBe(base.digest);
    expect(lock.architectures.amd64.packages.map(({ name }: { readonly name: string }) => name)).toEqual(['tool']);
  });

  it('puts files where links of the image lead, and keeps its folders', async () => {
    await buildText('out', 'from: oci:base\npackages: [tool]\nfiles: [{ text: x, to: /data/x, owner: app }]\n');
    const out = read('out');
    const added = out.digests.slice(read('base').digests.length).flatMap((digest) => out.list(digest));
    expect(added).toContain('usr/lib/tool');
    expect(added.some((path) => /^lib\/?/.test(path))).toBe(false);
    const last = join(folder, 'out/blobs', (out.digests.at(-1) ?? '').replace(':', '/'));
    const long = execFileSync('tar', ['--numeric-owner', '-tvzf', last]).toString();
    expect(long).toMatch(/drwx------ 1000\/1000 .* data\//);
    expect(long).toMatch(/-rw-r--r-- 1000\/1000 .* data\/x/);
  });

  it('drops the command below a new entrypoint, and passes root on to nobody', async () => {
    await buildText('rooted', 'files: [{ text: x, to: /x }]\nuser: 0\nworkdir: /\ncmd: [sh]\n');
    await buildText('out', 'from: oci:rooted\nentrypoint: [/x]\n');
    const { config } = read('out').config;
    expect(config).toMatchObject({ User: '65532', Entrypoint: ['/x'] });
    expect(config.Cmd).toBeUndefined();
  });

  it('is the same again from its lock, and shows a base that changed', async () => {
    const text = 'from: oci:base\npackages: [tool]\n';
    const { digest } = await buildText('out', text);
    expect((await buildText('out', text, { frozen: true })).digest).toBe(digest);
    expect((await check('out')).differences).toEqual([]);
    await buildText('base', `${baseText}stop-signal: SIGINT\n`);
    const fault = await faultOf(buildText('out', text, { frozen: true }));
    expect([fault.code, fault.exitCode]).toEqual(['difference.lock', 1]);
    expect((await check('out')).differences).toMatchObject([{ kind: 'recipe' }]);
    expect((await buildText('out', text)).digest).not.toBe(digest);
  });

  it('takes a path from a package of the image that it replaces, and leaves an equal file where it is', async () => {
    const added = async (name: string): Promise<readonly string[]> => {
      await buildText(name, `from: oci:base\npackages: [${name}]\n`);
      const { digests, list } = read(name);
      return digests.slice(read('base').digests.length).flatMap(list);
    };
    expect(await added('taker')).toContain('usr/lib/libtool.so.1');
    expect(await added('link-taker')).toContain('usr/lib/libtool.so');
    expect(await added('twin')).not.toContain('usr/lib/libtool.so.1');
    // A hard link leads to a file of its own layer.
    expect(await added('linked')).toEqual(expect.arrayContaining(['etc/libtool.conf', 'usr/lib/linked.conf']));
  });

  it('leaves alternatives of the image as they are', async () => {
    const links = (name: string): readonly string[] =>
      read(name).digests.flatMap((digest) =>
        read(name)
          .list(digest)
          .filter((path) => /\bany$/.test(path)),
      );
    await buildText('less', 'packages: [less]\n');
    expect(links('less')).toEqual(['etc/alternatives/any', 'usr/bin/any']);
    await buildText('out', 'from: oci:less\npackages: [more]\n');
    expect(links('out')).toEqual(links('less'));
    await buildText('both', 'packages: [less, more]\n');
    expect(links('both')).toEqual(links('less'));
  });

  it('puts what the image diverts where it says', async () => {
    const diversions = '/lib/tool\\n/lib/tool.distrib\\nlibtool1\\n/usr/lib/libtool.so.1\\n/usr/lib/moved\\ntool\\n';
    await buildText(
      'diverting',
      `${baseText}  `.replace('files:\n', `files:\n  - { text: "${diversions}", to: /var/lib/dpkg/diversions }\n`),
    );
    await buildText('out', 'from: oci:diverting\npackages: [tool]\n');
    const { digests, list } = read('out');
    const added = digests.slice(read('diverting').digests.length).flatMap(list);
    expect(added).toContain('usr/lib/tool.distrib');
    expect(added).not.toContain('usr/lib/tool');
  });

  it.each([
    ['rival', '/usr/lib/libtool.so.1'],
    ['late-taker', '/usr/lib/libtool.so.1'],
    ['linked-rival', '/usr/lib/libtool.so.1'],
    ['link-rival', '/usr/lib/libtool.so'],
    ['conf-rival', '/etc/libtool.conf'],
    ['over-folder', '/data'],
    ['below-file', '/usr/lib/libtool.so.1'],
  ])('refuses %s, which wants %s of the image', async (name, path) => {
    const { code, parameters } = await faultOf(buildText('out', `from: oci:base\npackages: [${name}]\n`));
    expect(code).toBe('usage.conflict');
    expect(parameters).toMatchObject({ path, other: `${name} 1` });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it.each([
    ['a version that the image has not', 'from: oci:base\npackages: [libtool1=9]\n', 2],
    ['a need that what it has does not meet', 'from: oci:base\npackages: [picky]\n', 2],
    ['a user that is nowhere', 'from: oci:base\nuser: nobody-here\n', 2],
    ['two bases', 'from: oci:base\ninclude: [other.yaml]\n', 2],
    ['an architecture that it lacks', 'from: oci:base\narchitectures: [arm64]\n', 2],
    ['an image that is not there', 'from: oci:missing\n', 3],
    ['a loader cache, which would have to know its libraries', 'from: oci:base\nld-cache: true\n', 2],
  ])('refuses %s', async (_, text, code) => {
    writeFileSync(join(folder, 'other.yaml'), 'from: oci:elsewhere\n');
    expect((await faultOf(buildText('out', text))).exitCode).toBe(code);
  });

  it('refuses a layer that is not what its digest says', async () => {
    const { digests } = read('base');
    writeFileSync(join(folder, 'base/blobs', (digests[0] ?? '').replace(':', '/')), 'changed');
    expect((await faultOf(buildText('out', 'from: oci:base\n'))).exitCode).toBe(4);
  });
});
