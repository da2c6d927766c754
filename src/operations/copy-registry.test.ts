import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRegistryTools, type RealRegistry, startDockerRegistry } from '../image/testing/docker-registry.ts';
import { makeLayer, makeLayout } from '../image/testing/make-layout.ts';
import { type CopyOptions, copy } from './copy.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const available = hasRegistryTools() || process.env['CI'] !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'cinzel-copy-registry-'));
const at = (name: string): string => join(folder, name);
const layers = [makeLayer([{ name: 'app', content: 'hello' }]), makeLayer([{ name: 'b', content: 'x' }])];
let registry: RealRegistry | undefined;
let image = '';

beforeAll(async () => {
  if (!available) return;
  registry = await startDockerRegistry();
  [image = ''] = makeLayout(at('gzip'), { layers, compression: 'gzip', tag: 'v1' });
  makeLayout(at('multi'), { layers, tag: 'v1' }, { layers: layers.slice(0, 1), tag: 'v1', architecture: 'arm64' });
});
afterAll(async () => {
  await registry?.close();
  rmSync(folder, { recursive: true, force: true });
});

const name = (rest: string): string => `registry:${registry?.host}/${rest}`;

async function copied(from: string, to: string, options: Partial<CopyOptions> = {}) {
  const toolbox = testToolbox(
    { platform: 'linux/amd64', 'registry.insecure': [registry?.host ?? ''] },
    { environment: { HOME: folder } },
  );
  try {
    return await copy(from, to, { allPlatforms: false, referrers: false, ...options }, toolbox);
  } finally {
    await toolbox.close();
  }
}

function inspect(rest: string, ...flags: readonly string[]): string {
  return execFileSync('skopeo', [
    'inspect',
    '--tls-verify=false',
    ...flags,
    `docker://${registry?.host}/${rest}`,
  ]).toString();
}

describe.skipIf(!available)('a real registry', () => {
  it('gets an image and gives it back byte for byte', async () => {
    expect((await copied(`oci:${at('gzip')}:v1`, name('o/n:t'))).digest).toBe(image);
    expect(JSON.parse(inspect('o/n:t'))).toMatchObject({ Digest: image });
    expect((await copied(name('o/n:t'), `oci:${at('back')}:v1`)).digest).toBe(image);
    expect(readFileSync(join(at('back'), 'index.json'), 'utf8')).toContain(image);
    const { digest } = await copied(name(`o/n@${image}`), `docker-archive:${at('back.tar')}`);
    expect(digest).toMatch(/^sha256:/);
    execFileSync('skopeo', ['inspect', `docker-archive:${at('back.tar')}`], { stdio: 'pipe' });
  });

  it('gets an index whole, and passes it on to another repository', async () => {
    const { digest } = await copied(`oci:${at('multi')}:v1`, name('o/multi:t'), { allPlatforms: true });
    const raw = inspect('o/multi:t', '--raw');
    expect(`sha256:${createHash('sha256').update(raw).digest('hex')}`).toBe(digest);
    expect((await copied(name('o/multi:t'), name('other/multi:t2'), { allPlatforms: true })).digest).toBe(digest);
    expect((await copied(name('other/multi:t2'), `oci:${at('multi-back')}`, { allPlatforms: true })).digest).toBe(
      digest,
    );
    expect(JSON.parse(inspect('other/multi:t2', '--override-arch=arm64'))).toMatchObject({ Architecture: 'arm64' });
  });

  it('gets plain layers compressed when told to', async () => {
    makeLayout(at('plain'), { layers, tag: 'v1' });
    const { digest } = await copied(`oci:${at('plain')}:v1`, name('o/pressed:t'), { compression: 'gzip' });
    expect(JSON.parse(inspect('o/pressed:t'))).toMatchObject({ Digest: digest });
    expect(inspect('o/pressed:t', '--raw')).toContain('tar+gzip');
    execFileSync('skopeo', [
      'copy',
      '-q',
      '--src-tls-verify=false',
      `docker://${registry?.host}/o/pressed:t`,
      `oci:${at('pulled')}:v1`,
    ]);
  });

  it('gets and gives referrers, by the tag that stands for them', async () => {
    const blob = (value: object): { mediaType: string; digest: string; size: number } => {
      const bytes = Buffer.from(JSON.stringify(value));
      const hex = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(at('gzip'), 'blobs/sha256', hex), bytes);
      return { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${hex}`, size: bytes.length };
    };
    const { size } = JSON.parse(readFileSync(join(at('gzip'), 'index.json'), 'utf8')).manifests[0] as { size: number };
    const config = { ...blob({}), mediaType: 'application/vnd.oci.empty.v1+json' };
    const artifactType = 'application/vnd.example.sbom';
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const artifact = blob({
      schemaVersion: 2,
      mediaType,
      artifactType,
      config,
      layers: [config],
      subject: { mediaType, digest: image, size },
    });
    const index = JSON.parse(readFileSync(join(at('gzip'), 'index.json'), 'utf8')) as { manifests: object[] };
    writeFileSync(
      join(at('gzip'), 'index.json'),
      JSON.stringify({ ...index, manifests: [...index.manifests, { ...artifact, artifactType }] }),
    );
    await copied(`oci:${at('gzip')}:v1`, name('o/signed:t'), { referrers: true });
    await copied(name('o/signed:t'), name('o/signed-again:t'), { referrers: true });
    await copied(name('o/signed-again:t'), `oci:${at('signed-back')}:v1`, { referrers: true });
    expect(readFileSync(join(at('signed-back'), 'blobs', artifact.digest.replace(':', '/')), 'utf8')).toContain(
      artifactType,
    );
    expect(readFileSync(join(at('signed-back'), 'index.json'), 'utf8')).toContain(artifact.digest);
  });

  it('has no such tag afterwards when the source was damaged', async () => {
    makeLayout(at('bad'), { layers, compression: 'gzip', tag: 'v1' });
    const manifest = JSON.parse(readFileSync(join(at('bad'), 'blobs', image.replace(':', '/')), 'utf8')) as {
      layers: { digest: string; size: number }[];
    };
    const [layer = { digest: '', size: 0 }] = manifest.layers;
    writeFileSync(join(at('bad'), 'blobs', layer.digest.replace(':', '/')), Buffer.alloc(layer.size, 7));
    await expect(copied(`oci:${at('bad')}:v1`, name('o/bad:t'))).rejects.toMatchObject({
      code: 'untrusted.digest',
      exitCode: 4,
    });
    expect(() => inspect('o/bad:t')).toThrow();
  });

  it('says that a name is not there', async () => {
    await expect(copied(name('o/none:t'), `oci:${at('none')}`)).rejects.toMatchObject({ exitCode: 3 });
  });
});
