import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { makeLayer, makeLayout } from '../image/testing/make-layout.ts';
import { holdLock } from '../net/testing/hold-lock.ts';
import { type CopyOptions, copy } from './copy.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-copy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: readonly string[]): string => join(folder, ...names);
const one: CopyOptions = { allPlatforms: false, referrers: false };
const platform = 'linux/amd64';

const layers = [
  makeLayer([{ name: 'etc/' }, { name: 'etc/os-release', content: 'ID=debian\n' }, { name: 'gone', content: 'x' }]),
  makeLayer([{ name: '.wh.gone' }, { name: 'app', content: 'hello', mode: 0o755, uid: 1000 }]),
];

function has(...tools: readonly string[]): boolean {
  if (process.env['CI'] !== undefined) return true;
  return tools.every((tool) => spawnSync('which', [tool]).status === 0);
}

async function copied(from: string, to: string, options: Partial<CopyOptions> = {}, wanted = platform) {
  const toolbox = testToolbox({ platform: wanted });
  try {
    return await copy(from, to, { ...one, ...options }, toolbox);
  } finally {
    await toolbox.close();
  }
}

const manifests: Record<'none' | 'gzip' | 'zstd', string> = { none: '', gzip: '', zstd: '' };
let arm = '';

beforeAll(() => {
  for (const compression of ['none', 'gzip'] as const) {
    [manifests[compression] = ''] = makeLayout(at(compression), { layers, compression, tag: 'v1' });
  }
  if (has('zstd')) [manifests.zstd = ''] = makeLayout(at('zstd'), { layers, compression: 'zstd', tag: 'v1' });
  [, arm = ''] = makeLayout(
    at('multi'),
    { layers, tag: 'v1' },
    { layers: layers.slice(0, 1), tag: 'v1', architecture: 'arm64' },
  );
});

/** Every file below a folder with its bytes, for comparing and for seeing that nothing was left. */
function tree(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => statSync(name).isFile())
    .map((name) => `${name.slice(path.length)} ${createHash('sha256').update(readFileSync(name)).digest('hex')}`)
    .sort();
}

function blobBytes(layout: string, digest: string): Buffer {
  return readFileSync(join(layout, 'blobs', digest.replace(':', '/')));
}

describe('copying between forms', () => {
  it.each(['none', 'gzip'] as const)('keeps manifest and layers byte for byte (layers: %s)', async (compression) => {
    const { digest, diagnostics } = await copied(`oci:${at(compression)}:v1`, `oci:${at(`out-${compression}`)}:v1`);
    expect(digest).toBe(manifests[compression]);
    expect(diagnostics).toEqual([]);
    const blobs = (path: string): readonly string[] => tree(path).filter((line) => line.startsWith('/blobs'));
    expect(blobs(at(`out-${compression}`))).toEqual(blobs(at(compression)));
    expect(readdirSync(at(`out-${compression}`)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('goes through every form on disk and comes back as the same image', async () => {
    await copied(`oci:${at('none')}:v1`, `oci-archive:${at('way.tar')}:t`);
    await copied(`oci-archive:${at('way.tar')}`, `docker-archive:${at('way-docker.tar')}:o/n:1`);
    writeFileSync(at('way-docker.tar.gz'), gzipSync(readFileSync(at('way-docker.tar'))));
    for (const source of ['way-docker.tar', 'way-docker.tar.gz']) {
      const { digest } = await copied(`docker-archive:${at(source)}`, `oci:${at(`way-${source}`)}:v1`);
      expect(digest).toBe(manifests.none);
    }
  });

  it('reads an archive in an archive compressed as a whole', async () => {
    await copied(`oci:${at('gzip')}:v1`, `oci-archive:${at('whole.tar')}:t`);
    writeFileSync(at('whole.tar.gz'), gzipSync(readFileSync(at('whole.tar'))));
    mkdirSync(at('spool'));
    vi.stubEnv('TMPDIR', at('spool'));
    const { digest } = await copied(`oci-archive:${at('whole.tar.gz')}`, `oci:${at('whole')}`);
    expect(digest).toBe(manifests.gzip);
    expect(readdirSync(at('spool'))).toEqual([]);
    writeFileSync(at('whole-cut.tar.gz'), gzipSync(readFileSync(at('whole.tar')).subarray(0, 1600)));
    const cut = copied(`oci-archive:${at('whole-cut.tar.gz')}`, `oci:${at('whole-cut')}`);
    await expect(cut).rejects.toMatchObject({
      code: 'untrusted.truncated',
      parameters: { what: at('whole-cut.tar.gz') },
    });
    expect(readdirSync(at('spool'))).toEqual([]);
    vi.unstubAllEnvs();
  });

  it('unpacks layers for a Docker archive, checked against their diff IDs', async () => {
    const { digest } = await copied(`oci:${at('gzip')}:v1`, `docker-archive:${at('plain.tar')}:o/n:1`);
    const names = execFileSync('tar', ['-tf', at('plain.tar')])
      .toString()
      .split('\n');
    for (const layer of layers) {
      const hex = createHash('sha256').update(layer).digest('hex');
      expect(names).toContain(`${hex}/layer.tar`);
      expect(execFileSync('tar', ['-xOf', at('plain.tar'), `${hex}/layer.tar`])).toEqual(layer);
    }
    expect(names).toContain(`${digest.slice(7)}.json`);
    const listed: unknown = JSON.parse(execFileSync('tar', ['-xOf', at('plain.tar'), 'manifest.json']).toString());
    expect(listed).toMatchObject([{ RepoTags: ['o/n:1'], Config: `${digest.slice(7)}.json` }]);
  });

  it('keeps the name of a Docker archive where the destination gives none', async () => {
    await copied(`oci:${at('none')}:v1`, `docker-archive:${at('named.tar')}:o/named:1`);
    await copied(`docker-archive:${at('named.tar')}`, `docker-archive:${at('named-again.tar')}`);
    const listed = execFileSync('tar', ['-xOf', at('named-again.tar'), 'manifest.json']).toString();
    expect(JSON.parse(listed)).toMatchObject([{ RepoTags: ['o/named:1'] }]);
  });

  it('writes equal archives for equal images, with sorted names and no times', async () => {
    for (const form of ['oci-archive', 'docker-archive']) {
      await copied(`oci:${at('gzip')}:v1`, `${form}:${at('first.tar')}:a:1`);
      await copied(`oci:${at('out-gzip')}:v1`, `${form}:${at('second.tar')}:a:1`);
      expect(readFileSync(at('first.tar')).equals(readFileSync(at('second.tar')))).toBe(true);
    }
    await copied(`oci:${at('gzip')}:v1`, `oci-archive:${at('first.tar')}`);
    const names = execFileSync('tar', ['-tf', at('first.tar')])
      .toString()
      .trim()
      .split('\n');
    expect(names).toEqual([...names].sort());
    const listing = execFileSync('tar', ['-tv', '--utc', '--numeric-owner', '-f', at('first.tar')])
      .toString()
      .trim();
    for (const line of listing.split('\n')) expect(line).toMatch(/ 0\/0 .* 1970-01-01 00:00 /);
  });

  it('compresses plain layers when told to, and leaves the configuration as it is', async () => {
    const { digest } = await copied(`oci:${at('none')}:v1`, `oci:${at('pressed')}:v1`, { compression: 'gzip' });
    const pressed = JSON.parse(blobBytes(at('pressed'), digest).toString()) as {
      config: object;
      layers: { mediaType: string }[];
    };
    const plain = JSON.parse(blobBytes(at('none'), manifests.none).toString()) as { config: object };
    expect(pressed.config).toEqual(plain.config);
    expect(pressed.layers.map((layer) => layer.mediaType)).toEqual(
      layers.map(() => 'application/vnd.oci.image.layer.v1.tar+gzip'),
    );
    await copied(`oci:${at('pressed')}:v1`, `docker-archive:${at('pressed.tar')}`);
    expect((await copied(`docker-archive:${at('pressed.tar')}`, `oci:${at('unpressed')}`)).digest).toBe(manifests.none);
  });
});

describe('platforms', () => {
  it('copies an index whole, byte for byte', async () => {
    const { digest } = await copied(`oci:${at('multi')}:v1`, `oci:${at('all')}:v1`, { allPlatforms: true });
    const index = JSON.parse(blobBytes(at('all'), digest).toString()) as { manifests: { digest: string }[] };
    expect(index.manifests.map((item) => item.digest)).toContain(arm);
    const again = await copied(`oci:${at('all')}:v1`, `oci-archive:${at('all.tar')}`, { allPlatforms: true });
    expect(again.digest).toBe(digest);
    const back = await copied(`oci-archive:${at('all.tar')}`, `oci:${at('all-again')}`, { allPlatforms: true });
    expect(back.digest).toBe(digest);
    expect(blobBytes(at('all-again'), digest)).toEqual(blobBytes(at('all'), digest));
  });

  it('copies the one that is wanted', async () => {
    await copied(`oci:${at('multi')}:v1`, `oci:${at('all2')}:v1`, { allPlatforms: true });
    expect((await copied(`oci:${at('all2')}:v1`, `oci:${at('arm')}`, {}, 'linux/arm64')).digest).toBe(arm);
    expect(blobBytes(at('arm'), arm).length).toBeGreaterThan(0);
  });

  it('says which there are when the wanted one is not, whether an index or only the configuration tells', async () => {
    const wanted = { code: 'usage.platform', exitCode: 2, parameters: { available: 'linux/amd64' } };
    await expect(copied(`oci:${at('gzip')}:v1`, `oci:${at('no')}`, {}, 'linux/s390x')).rejects.toMatchObject(wanted);
    await copied(`oci:${at('gzip')}:v1`, `docker-archive:${at('amd.tar')}`);
    await expect(copied(`docker-archive:${at('amd.tar')}`, `oci:${at('no')}`, {}, 'linux/s390x')).rejects.toMatchObject(
      wanted,
    );
    cpSync(at('gzip'), at('undescribed'), { recursive: true });
    const index = readFileSync(at('undescribed', 'index.json'), 'utf8').replace(/,"platform":\{[^}]*\}/, '');
    writeFileSync(at('undescribed', 'index.json'), index);
    await expect(copied(`oci:${at('undescribed')}`, `oci:${at('no')}`, {}, 'linux/s390x')).rejects.toMatchObject(
      wanted,
    );
    expect(existsSync(at('no'))).toBe(false);
  });
});

interface LayoutDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Puts a document into a layout as a blob. */
function addBlob(layout: string, mediaType: string, value: unknown): LayoutDescriptor {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const hex = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(layout, 'blobs/sha256', hex), bytes);
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
}

function editIndex(layout: string, edit: (index: { manifests: object[] }) => void): void {
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: object[] };
  edit(index);
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** Adds an artifact that refers to a manifest. */
function addReferrer(layout: string, subject: LayoutDescriptor, text: string): LayoutDescriptor {
  const artifact = addBlob(layout, manifestType, {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType: 'application/vnd.example.signature',
    config: addBlob(layout, 'application/vnd.oci.empty.v1+json', '{}'),
    layers: [addBlob(layout, 'text/plain', text)],
    subject,
  });
  editIndex(layout, (index) =>
    index.manifests.push({ ...artifact, artifactType: 'application/vnd.example.signature' }),
  );
  return artifact;
}

describe('referrers', () => {
  it('follow the image, and so does what refers to them; others stay', async () => {
    cpSync(at('gzip'), at('signed'), { recursive: true });
    const bytes = blobBytes(at('signed'), manifests.gzip);
    const subject = { mediaType: manifestType, digest: manifests.gzip, size: bytes.length };
    const signature = addReferrer(at('signed'), subject, 'signed');
    const countersignature = addReferrer(at('signed'), signature, 'countersigned');
    const stranger = addReferrer(at('signed'), { ...subject, digest: `sha256:${'0'.repeat(64)}` }, 'of another');
    await copied(`oci:${at('signed')}:v1`, `oci:${at('with')}:v1`, { referrers: true });
    await copied(`oci:${at('signed')}:v1`, `oci:${at('without')}:v1`);
    const present = (layout: string): readonly boolean[] =>
      [signature, countersignature, stranger].map(({ digest }) =>
        existsSync(join(at(layout), 'blobs', digest.replace(':', '/'))),
      );
    expect(present('with')).toEqual([true, true, false]);
    expect(present('without')).toEqual([false, false, false]);
    const again = await copied(`oci:${at('with')}:v1`, `oci-archive:${at('with.tar')}`, { referrers: true });
    await copied(`oci-archive:${at('with.tar')}`, `oci:${at('with-again')}:v1`, { referrers: true });
    expect(tree(at('with-again'))).toEqual(tree(at('with')));
    expect(again.digest).toBe(manifests.gzip);
  });

  it.each(['docker-archive', 'docker', 'podman'])('cannot go where one image only can be (%s)', async (kind) => {
    const to = `${kind}:${kind === 'docker-archive' ? at('x.tar') : ''}`;
    await expect(copied(`oci:${at('gzip')}:v1`, to, { referrers: true })).rejects.toMatchObject({
      code: 'usage.one-image',
    });
    await expect(copied(`oci:${at('gzip')}:v1`, to, { allPlatforms: true })).rejects.toMatchObject({
      code: 'usage.one-image',
    });
  });
});

describe('foreign layers', () => {
  const foreign = {
    mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    digest: `sha256:${'f'.repeat(64)}`,
    size: 9,
    urls: ['https://example.com/layer'],
  };

  it('stay descriptors, are said, and stop a destination that needs their bytes', async () => {
    cpSync(at('gzip'), at('foreign'), { recursive: true });
    const manifest = JSON.parse(blobBytes(at('foreign'), manifests.gzip).toString()) as {
      config: LayoutDescriptor;
      layers: object[];
    };
    const config = JSON.parse(blobBytes(at('foreign'), manifest.config.digest).toString()) as {
      rootfs: { diff_ids: string[] };
    };
    config.rootfs.diff_ids.unshift(`sha256:${'e'.repeat(64)}`);
    manifest.config = addBlob(at('foreign'), manifest.config.mediaType, config);
    manifest.layers.unshift(foreign);
    const made = addBlob(at('foreign'), manifestType, manifest);
    editIndex(at('foreign'), (index) =>
      index.manifests.push({ ...made, platform: { os: 'linux', architecture: 'amd64' } }),
    );
    const { digest, diagnostics } = await copied(`oci:${at('foreign')}@${made.digest}`, `oci:${at('foreign-out')}`);
    expect(digest).toBe(made.digest);
    expect(diagnostics).toMatchObject([{ code: 'layer.foreign', parameters: { digest: foreign.digest } }]);
    await expect(
      copied(`oci:${at('foreign')}@${made.digest}`, `docker-archive:${at('foreign.tar')}`),
    ).rejects.toMatchObject({ exitCode: 4 });
    expect(existsSync(at('foreign.tar'))).toBe(false);
  });
});

describe('a layout that is there', () => {
  it('gains a tag, has one replaced, and keeps the rest', async () => {
    await copied(`oci:${at('none')}:v1`, `oci:${at('tags')}:a`);
    await copied(`oci:${at('gzip')}:v1`, `oci:${at('tags')}:b`);
    await copied(`oci:${at('gzip')}:v1`, `oci:${at('tags')}:a`);
    const { manifests: entries } = JSON.parse(readFileSync(at('tags', 'index.json'), 'utf8')) as {
      manifests: { digest: string; annotations: Record<string, string> }[];
    };
    expect(entries.map((entry) => [entry.annotations['org.opencontainers.image.ref.name'], entry.digest])).toEqual([
      ['a', manifests.gzip],
      ['b', manifests.gzip],
    ]);
    expect(readdirSync(at('tags')).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('keeps what others wrote into its index', async () => {
    cpSync(at('gzip'), at('annotated'), { recursive: true });
    editIndex(at('annotated'), (index) =>
      Object.assign(index, { annotations: { 'com.example': 'kept' }, 'x-unknown': [1] }),
    );
    await copied(`oci:${at('none')}:v1`, `oci:${at('annotated')}:new`);
    expect(JSON.parse(readFileSync(at('annotated', 'index.json'), 'utf8'))).toMatchObject({
      annotations: { 'com.example': 'kept' },
      'x-unknown': [1],
    });
  });

  it('loses no tag to writers at the same time, whether it was there before or not', async () => {
    for (const target of ['race-new', 'race-old']) {
      if (target === 'race-old') await copied(`oci:${at('none')}:v1`, `oci:${at(target)}:first`);
      const tags = Array.from({ length: 12 }, (_, index) => `t${index}`);
      await Promise.all(tags.map((tag) => copied(`oci:${at('gzip')}:v1`, `oci:${at(target)}:${tag}`)));
      const index = readFileSync(at(target, 'index.json'), 'utf8');
      for (const tag of tags) expect(index).toContain(`"${tag}"`);
      expect(readdirSync(at(target)).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
    }
  });

  it('has a damaged blob mended', async () => {
    await copied(`oci:${at('gzip')}:v1`, `oci:${at('damaged')}:v1`);
    const whole = tree(at('damaged'));
    for (const name of readdirSync(at('damaged', 'blobs/sha256'))) {
      const path = at('damaged', 'blobs/sha256', name);
      writeFileSync(path, Buffer.alloc(statSync(path).size));
    }
    await copied(`oci:${at('gzip')}:v1`, `oci:${at('damaged')}:v1`);
    expect(tree(at('damaged'))).toEqual(whole);
  });

  it('is not kept from others for ever by a writer that died', async () => {
    await copied(`oci:${at('gzip')}:v1`, `oci:${at('locked')}:v1`);
    const holder = await holdLock(at('locked', '.cinzel-lock'));
    await holder.kill();
    expect(readdirSync(at('locked'))).toContain('.cinzel-lock');
    await copied(`oci:${at('gzip')}:v1`, `oci:${at('locked')}:v2`);
    expect(readFileSync(at('locked', 'index.json'), 'utf8')).toContain('"v2"');
    expect(readdirSync(at('locked')).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('may be an empty folder', async () => {
    mkdirSync(at('empty'));
    await copied(`oci:${at('gzip')}:v1`, `oci:${at('empty')}:v1`);
    expect(readdirSync(at('empty')).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });
});

describe('places that an image cannot go to', () => {
  it('are a folder with other content, a file, a device and a folder in place of a file', async () => {
    mkdirSync(at('full'));
    writeFileSync(at('full', 'precious'), 'x');
    writeFileSync(at('file'), 'x');
    symlinkSync('/dev/null', at('device'));
    for (const to of [
      `oci:${at('full')}`,
      `oci:${at('file')}`,
      `oci-archive:${at('device')}`,
      `docker-archive:${at('full')}`,
    ]) {
      await expect(copied(`oci:${at('gzip')}:v1`, to)).rejects.toMatchObject({
        code: 'usage.destination',
        exitCode: 2,
      });
    }
    expect(readdirSync(at('full'))).toEqual(['precious']);
  });

  it('are folders that do not exist', async () => {
    const wanted = { code: 'environment.write', exitCode: 3 };
    await expect(copied(`oci:${at('gzip')}:v1`, `oci-archive:${at('none-such', 'x.tar')}`)).rejects.toMatchObject(
      wanted,
    );
  });

  it('leave a link a link, and a file that another one is written over whole', async () => {
    writeFileSync(at('target.tar'), 'old');
    symlinkSync(at('target.tar'), at('link.tar'));
    await copied(`oci:${at('gzip')}:v1`, `oci-archive:${at('link.tar')}`);
    expect(statSync(at('target.tar')).size).toBeGreaterThan(1000);
    await copied(`oci-archive:${at('link.tar')}`, `oci-archive:${at('link.tar')}`);
    expect((await copied(`oci-archive:${at('target.tar')}`, `oci:${at('from-link')}`)).digest).toBe(manifests.gzip);
  });
});

const forms = ['oci', 'oci-archive', 'docker-archive'] as const;

describe('a source that is not what it says', () => {
  const victim = (name: string, spoil: (layout: string, blob: string) => void): string => {
    cpSync(at('gzip'), at(name), { recursive: true });
    const manifest = JSON.parse(blobBytes(at(name), manifests.gzip).toString()) as { layers: LayoutDescriptor[] };
    spoil(at(name), join(at(name), 'blobs', (manifest.layers[1]?.digest ?? '').replace(':', '/')));
    return at(name);
  };

  describe.each(forms)('to %s', (form) => {
    it.each([
      ['cut', 'untrusted.truncated', (_: string, blob: string) => truncateSync(blob, 10)],
      ['longer', 'untrusted.size', (_: string, blob: string) => writeFileSync(blob, 'x', { flag: 'a' })],
      [
        'other',
        'untrusted.digest',
        (_: string, blob: string) => writeFileSync(blob, Buffer.alloc(statSync(blob).size)),
      ],
      ['missing', 'untrusted.malformed', (_: string, blob: string) => rmSync(blob)],
    ])('with a blob that is %s leaves nothing', async (kind, code, spoil) => {
      const source = victim(`bad-${kind}-${form}`, spoil);
      mkdirSync(at(`dest-${kind}-${form}`));
      await expect(copied(`oci:${source}:v1`, `${form}:${at(`dest-${kind}-${form}`, 'x')}`)).rejects.toMatchObject(
        // What is compressed and other is no gzip either, and whichever is seen first is told.
        form === 'docker-archive' ? { exitCode: 4 } : { code, exitCode: 4 },
      );
      expect(readdirSync(at(`dest-${kind}-${form}`))).toEqual([]);
    });
  });

  it('keeps what was at the destination before', async () => {
    const source = victim('bad-kept', (_, blob) => truncateSync(blob, 10));
    await copied(`oci:${at('none')}:v1`, `oci:${at('kept')}:v1`);
    copyFileSync(at('way.tar'), at('kept.tar'));
    const before = [tree(at('kept')), readFileSync(at('kept.tar'))];
    await expect(copied(`oci:${source}:v1`, `oci:${at('kept')}:v1`)).rejects.toMatchObject({ exitCode: 4 });
    await expect(copied(`oci:${source}:v1`, `oci-archive:${at('kept.tar')}`)).rejects.toMatchObject({ exitCode: 4 });
    expect([tree(at('kept')), readFileSync(at('kept.tar'))]).toEqual(before);
    expect(readdirSync(at('kept')).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('ends with a fault of ours or a whole image wherever a byte is changed or the archive is cut', async () => {
    await copied(`oci:${at('gzip')}:v1`, `oci-archive:${at('fuzz.tar')}`);
    const whole = readFileSync(at('fuzz.tar'));
    mkdirSync(at('fuzzed'));
    const spoilt = fc.record({ position: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(spoilt, async ({ position, byte, cut }) => {
        const bytes = cut ? whole.subarray(0, position) : Buffer.from(whole);
        if (!cut) bytes[position] = byte;
        writeFileSync(at('fuzz-bad.tar'), bytes);
        try {
          const { digest } = await copied(`oci-archive:${at('fuzz-bad.tar')}`, `oci:${at('fuzzed', 'x')}`);
          expect(digest).toBe(manifests.gzip);
          rmSync(at('fuzzed', 'x'), { recursive: true });
        } catch (error) {
          expect(isCinzelError(error)).toBe(true);
        }
        expect(readdirSync(at('fuzzed'))).toEqual([]);
      }),
      { numRuns: 200, seed: 42 },
    );
  });

  it('is refused when its indexes are nested without end', async () => {
    cpSync(at('gzip'), at('nested'), { recursive: true });
    const type = 'application/vnd.oci.image.index.v1+json';
    let inner: LayoutDescriptor = {
      mediaType: manifestType,
      digest: manifests.gzip,
      size: blobBytes(at('gzip'), manifests.gzip).length,
    };
    for (let depth = 0; depth < 10; depth++)
      inner = addBlob(at('nested'), type, { schemaVersion: 2, mediaType: type, manifests: [inner] });
    editIndex(at('nested'), (index) => index.manifests.splice(0, 1, inner));
    for (const allPlatforms of [true, false]) {
      await expect(copied(`oci:${at('nested')}`, `oci:${at('nested-out')}`, { allPlatforms })).rejects.toMatchObject({
        exitCode: 4,
      });
    }
    expect(existsSync(at('nested-out'))).toBe(false);
  });

  it.each(['dir:/', 'sbom:x.json'])('is refused when it holds no image (%s)', async (from) => {
    await expect(copied(from, `oci:${at('no-image')}`)).rejects.toMatchObject({ code: 'usage.reference', exitCode: 2 });
  });
});

describe('an interruption', () => {
  it.each(forms)('leaves nothing of %s', async (form) => {
    mkdirSync(at(`interrupted-${form}`));
    const interrupt = new AbortController();
    const toolbox = testToolbox(
      { platform },
      {
        signal: interrupt.signal,
        progress: (event) => {
          if (event.kind === 'advance') interrupt.abort(new Error('interrupted'));
        },
      },
    );
    await expect(
      copy(`oci:${at('gzip')}:v1`, `${form}:${at(`interrupted-${form}`, 'x')}`, one, toolbox),
    ).rejects.toThrow();
    expect(readdirSync(at(`interrupted-${form}`))).toEqual([]);
  });
});

const mayMount = process.getuid?.() === 0 && spawnSync('which', ['mount']).status === 0;

describe.skipIf(!mayMount && !process.env['CI'])('a full disk', () => {
  it.each(forms)('is said, and leaves nothing of %s', async (form) => {
    makeLayout(at('large'), {
      layers: [makeLayer([{ name: 'zeros', content: Buffer.alloc(3 * 1024 ** 2) }])],
      tag: 'v1',
    });
    const disk = at(`disk-${form}`);
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const wanted = { code: 'environment.disk-full', exitCode: 3 };
      await expect(copied(`oci:${at('large')}:v1`, `${form}:${join(disk, 'x')}`)).rejects.toMatchObject(wanted);
      expect(readdirSync(disk)).toEqual([]);
      if (form === 'oci') {
        await expect(copied(`oci:${at('large')}:v1`, `oci:${disk}`)).rejects.toMatchObject(wanted);
        expect(readdirSync(disk)).toEqual([]);
      }
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe.skipIf(!has('skopeo', 'umoci', 'zstd'))('what other tools see', () => {
  const inspect = (reference: string): { Digest: string; Layers: string[] } =>
    JSON.parse(execFileSync('skopeo', ['inspect', reference]).toString()) as { Digest: string; Layers: string[] };
  const config = (reference: string): unknown =>
    JSON.parse(execFileSync('skopeo', ['inspect', '--config', reference]).toString());

  it.each(['none', 'gzip', 'zstd'] as const)('is the image that was copied (layers: %s)', async (compression) => {
    const source = `oci:${at(compression)}:v1`;
    for (const form of ['oci', 'oci-archive'] as const) {
      const to = `${form}:${at(`seen-${form}-${compression}`)}:v1`;
      await copied(source, to);
      expect(inspect(to)).toMatchObject({ Digest: manifests[compression], Layers: inspect(source).Layers });
      expect(config(to)).toEqual(config(source));
    }
    await copied(source, `docker-archive:${at(`seen-${compression}.tar`)}:o/n:1`);
    expect(config(`docker-archive:${at(`seen-${compression}.tar`)}`)).toEqual(config(source));
  });

  it('unpacks to the same files', async () => {
    await copied(`oci:${at('gzip')}:v1`, `oci-archive:${at('umoci.tar')}:v1`);
    await copied(`oci-archive:${at('umoci.tar')}`, `oci:${at('umoci')}:v1`);
    const unpack = (layout: string): readonly string[] => {
      execFileSync('umoci', ['unpack', '--rootless', '--image', `${at(layout)}:v1`, at(`bundle-${layout}`)], {
        stdio: 'pipe',
      });
      return tree(at(`bundle-${layout}`, 'rootfs'));
    };
    expect(unpack('umoci')).toEqual(unpack('gzip'));
  });

  it('can be copied on by skopeo, and what skopeo wrote can be copied here', async () => {
    await copied(`oci:${at('gzip')}:v1`, `docker-archive:${at('to-skopeo.tar')}:o/n:1`);
    execFileSync('skopeo', ['copy', '-q', `docker-archive:${at('to-skopeo.tar')}`, `oci:${at('by-skopeo')}:v1`]);
    execFileSync('skopeo', ['copy', '-q', `oci:${at('none')}:v1`, `docker-archive:${at('from-skopeo.tar')}:o/n:1`]);
    const { digest } = await copied(`docker-archive:${at('from-skopeo.tar')}`, `oci:${at('back')}:v1`);
    expect(blobBytes(at('back'), digest).toString()).toContain(
      createHash('sha256')
        .update(layers[1] ?? '')
        .digest('hex'),
    );
    await copied(`oci:${at('by-skopeo')}:v1`, `oci:${at('back')}:skopeo`);
    expect(inspect(`oci:${at('back')}:skopeo`).Digest).toBe(inspect(`oci:${at('by-skopeo')}:v1`).Digest);
  });
});
