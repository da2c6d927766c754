import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CinzelError } from '../../src/core/errors.ts';
import { loadCatalogue } from '../../src/i18n/load.ts';
import { renderError } from '../../src/i18n/render.ts';
import { hasRegistryTools, type RealRegistry, startDockerRegistry } from '../../src/image/testing/docker-registry.ts';
import { testToolbox } from '../../src/operations/testing/test-toolbox.ts';
import { type VerifyOptions, verifyImage } from '../../src/operations/verify.ts';
import { cosignKey } from '../../src/signing/testing/cosign-key.ts';
import type { Ended } from '../cli/run.ts';
import { layoutEntries, makeProject, type Project, readBlob, readManifest, type StoredManifest } from './project.ts';

let project: Project;
let digest: string;
const at = (name: string): string => join(project.folder, name);
const password = { COSIGN_PASSWORD: cosignKey.password };
const refName = 'org.opencontainers.image.ref.name';
const signatureKey = 'dev.cosignproject.cosign/signature';

beforeAll(async () => {
  project = await makeProject([
    { name: 'tool', version: '1' },
    { name: 'tool', version: '1', architecture: 'arm64' },
  ]);
  project.write('packages: [tool]');
  writeFileSync(at('cosign.key'), cosignKey.privateKey);
  writeFileSync(at('cosign.pub'), cosignKey.publicKey);
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'other.key');
  openssl('pkey', '-in', 'other.key', '-pubout', '-out', 'other.pub');
  digest = await build('-o', 'oci:image');
});

afterAll(() => project.close());

function openssl(...words: readonly string[]): string {
  return execFileSync('openssl', words, { cwd: project.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

async function build(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(['build', '--sign', 'cosign.key', ...words], password);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

function verify(...words: readonly string[]): Promise<Ended> {
  return project.run(['verify', '--key', 'cosign.pub', ...words]);
}

/** The manifest that a layout has under cosign's tag of the image. */
function companion(layout: string, kind: 'sig' | 'att', of = digest): StoredManifest {
  const tag = `${of.replace(':', '-')}.${kind}`;
  const entry = layoutEntries(at(layout)).find(({ annotations }) => annotations?.[refName] === tag);
  return readManifest(at(layout), entry?.digest ?? '');
}

/** Puts a changed manifest under cosign's tag of the image into a copy of the layout, with blobs that it names. */
function forge(
  kind: 'sig' | 'att',
  change: (layers: Layer[]) => readonly unknown[],
  blobs: readonly Buffer[] = [],
): string {
  rmSync(at('forged'), { recursive: true, force: true });
  cpSync(at('image'), at('forged'), { recursive: true });
  const manifest = companion('forged', kind);
  const changed = { ...manifest, layers: change(structuredClone(manifest.layers) as unknown as Layer[]) };
  const bytes = Buffer.from(JSON.stringify(changed));
  for (const blob of [...blobs, bytes]) writeFileSync(at(`forged/blobs/sha256/${hash(blob)}`), blob);
  const index = JSON.parse(readFileSync(at('forged/index.json'), 'utf8'));
  const tag = `${digest.replace(':', '-')}.${kind}`;
  for (const entry of index.manifests) {
    if (entry.annotations?.[refName] === tag)
      Object.assign(entry, { digest: `sha256:${hash(bytes)}`, size: bytes.length });
  }
  writeFileSync(at('forged/index.json'), JSON.stringify(index));
  return 'oci:forged:latest';
}

interface Layer {
  digest: string;
  size: number;
  annotations: Record<string, string>;
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('a signed image', () => {
  it('has signatures where cosign looks for them, and openssl verifies each', () => {
    const [layer] = companion('image', 'sig').layers;
    const payload = readBlob(at('image'), layer?.digest ?? '');
    expect(JSON.parse(payload.toString('utf8'))).toEqual({
      critical: {
        identity: { 'docker-reference': '' },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    });
    expectSigned(payload, layer?.annotations?.[signatureKey] ?? '');
    const attested = companion('image', 'att').layers;
    expect(attested.map(({ annotations }) => annotations?.['predicateType'])).toEqual([
      'https://spdx.dev/Document',
      'https://cyclonedx.org/bom',
      'https://slsa.dev/provenance/v1',
    ]);
    for (const { digest: envelopeDigest } of attested) {
      const envelope = JSON.parse(readBlob(at('image'), envelopeDigest).toString('utf8'));
      const body = Buffer.from(envelope.payload, 'base64');
      const start = Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${body.length} `);
      expectSigned(Buffer.concat([start, body]), envelope.signatures[0].sig);
    }
  });

  function expectSigned(data: Buffer, signature: string): void {
    writeFileSync(at('data'), data);
    writeFileSync(at('signature'), Buffer.from(signature, 'base64'));
    const words = ['dgst', '-sha256', '-verify', 'cosign.pub', '-signature', 'signature', 'data'];
    expect(openssl(...words)).toContain('Verified OK');
  }

  it('is verified, with what is attested', async () => {
    const { code, stdout } = await verify('oci:image', '-o', 'json', '--attestation', 'slsaprovenance');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ digest, signatures: 1, otherAttestations: 0 });
    expect(JSON.parse(stdout).attestations).toHaveLength(3);
  });

  it('is the same when it is signed again, and keeps the signatures of others', async () => {
    const before = layoutEntries(at('image'));
    await build('-o', 'oci:image');
    expect(layoutEntries(at('image'))).toEqual(before);
    cpSync(at('image'), at('both'), { recursive: true });
    await project.run(['build', '-o', 'oci:both', '--sign', 'other.key']);
    expect(companion('both', 'sig').layers).toHaveLength(2);
    for (const key of ['cosign.pub', 'other.pub']) {
      expect((await project.run(['verify', 'oci:both', '--key', key])).code).toBe(0);
    }
  });

  it('of several architectures is signed as a whole and in each part', async () => {
    const whole = await build('-o', 'oci:many', '--arch', 'amd64,arm64', '--lock', 'many.json');
    const { code, stdout } = await verify('oci:many:latest', '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).digest).toBe(whole);
    expect(JSON.parse(stdout).attestations).toHaveLength(6);
    for (const part of readManifest(at('many'), whole).manifests ?? []) {
      expect(companion('many', 'sig', part.digest).layers).toHaveLength(1);
    }
  });
});

describe('verify refuses, in one sentence,', () => {
  const toolbox = testToolbox({ offline: true });

  /** The exit code, and the sentence in English. */
  async function refusal(reference: string, options: Partial<VerifyOptions> = {}): Promise<readonly [number, string]> {
    const proof = verifyImage(
      reference.replace(':', `:${project.folder}/`),
      { key: at('cosign.pub'), attestations: [], ...options },
      toolbox,
    );
    const error = await proof.catch((cause: unknown) => cause);
    if (!(error instanceof CinzelError)) throw new Error('it was not refused', { cause: error });
    return [error.exitCode, renderError(error, await loadCatalogue('en')).message];
  }
  const refuse = async (image: string, code: number, text: string) =>
    expect(await refusal(image)).toEqual([code, expect.stringContaining(text)]);

  it('what the key has not signed', async () => {
    const { code, stdout, stderr } = await project.run(['verify', 'oci:image', '--key', 'other.pub']);
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(/^cinzel: .*is signed, but not by this key .signatures: 1.\.\n$/);
    await project.run(['build', '-o', 'oci:unsigned']);
    await refuse('oci:unsigned', 4, 'is not signed');
    const demand = await refusal('oci:image', { attestations: ['openvex'] });
    expect(demand).toEqual([4, expect.stringContaining('no attestation of https://openvex.dev/')]);
  });

  it('signatures and attestations that were changed', async () => {
    const good = companion('image', 'sig').layers[0]?.annotations?.[signatureKey] ?? '';
    const changed = good.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'AAAB' : 'AAAA'));
    const sign = (text: string) => (layers: Layer[]) =>
      layers.map((layer) => ({ ...layer, annotations: { [signatureKey]: text } }));
    await refuse(forge('sig', sign(changed)), 4, 'not by this key');
    await refuse(forge('sig', sign('')), 4, 'not by this key');
    await refuse(
      forge('sig', () => []),
      4,
      'is not signed',
    );
    const envelope = readBlob(at('image'), companion('image', 'att').layers[0]?.digest ?? '');
    const parsed = JSON.parse(envelope.toString('utf8'));
    const payload = Buffer.from(parsed.payload, 'base64').toString('utf8').replace('tool', 'fool');
    const tampered = Buffer.from(JSON.stringify({ ...parsed, payload: Buffer.from(payload).toString('base64') }));
    const only = ([first]: Layer[]) => [{ ...first, digest: `sha256:${hash(tampered)}`, size: tampered.length }];
    await refuse(forge('att', only, [tampered]), 4, 'none by this key');
    const forged = forge('sig', (layers) => layers);
    const payloadFile = at(`forged/blobs/sha256/${companion('forged', 'sig').layers[0]?.digest.slice(7)}`);
    writeFileSync(payloadFile, readFileSync(payloadFile, 'utf8').replace('cosign', 'COSIGN'));
    await refuse(forged, 4, 'does not have the digest');
  });

  it('what was signed of another image', async () => {
    const other = await build('-o', 'oci:image:other', '-t', 'other', '--compression', 'none');
    expect(other).not.toBe(digest);
    const swap = (kind: 'sig' | 'att') => forge(kind, () => companion('image', kind, other).layers);
    await refuse(swap('sig'), 4, `is of another image: ${other}`);
    await refuse(swap('att'), 4, 'is of another image');
  });

  it('keys that are missing or none, and images that are not there', async () => {
    const { code, stderr } = await project.run(['verify', 'oci:image']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('key is missing')]);
    expect(await refusal('oci:image', { key: at('cosign.key') })).toEqual([
      2,
      expect.stringContaining('no public key'),
    ]);
    expect(await refusal('oci:image', { key: at('nope') })).toEqual([3, expect.stringContaining('nope')]);
    await refuse('oci:nothing', 3, 'nothing');
  });

  it('to sign where nothing can hold a signature, or with what is no key', async () => {
    const refusal = async (words: readonly string[], environment = {}) => {
      const { code, stderr } = await project.run(['build', ...words], environment);
      return [code, stderr.split('\n').find((line) => line.startsWith('cinzel:'))];
    };
    const image = ['-o', 'oci:never', '--sign'];
    expect(await refusal([...image, 'cosign.key'])).toEqual([2, expect.stringContaining('COSIGN_PASSWORD')]);
    expect(await refusal([...image, 'cosign.key'], { COSIGN_PASSWORD: 'x' })).toEqual([
      2,
      expect.stringContaining('cannot be decrypted'),
    ]);
    expect(await refusal([...image, 'cosign.pub'])).toEqual([2, expect.stringContaining('no private key')]);
    expect(await refusal([...image, 'nope'])).toEqual([3, expect.stringContaining('nope')]);
    expect(await refusal(['-o', 'docker-archive:x.tar', '--sign', 'other.key'])).toEqual([
      2,
      expect.stringContaining('no place for a signature'),
    ]);
    expect(() => readFileSync(at('never/index.json'))).toThrow();
  });
});

describe.skipIf(!hasRegistryTools())('in a registry', () => {
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry();
  });
  afterAll(() => registry.close());

  it('a signature names the repository, is verified there, and is copied with the image', async () => {
    const reference = `${registry.host}/team/app:1`;
    expect(await build('-o', `registry:${reference}`)).toBe(digest);
    expect((await verify(reference)).code).toBe(0);
    expect((await verify(`${registry.host}/team/app@${digest}`)).code).toBe(0);
    expect((await project.run(['copy', '--referrers', reference, 'oci:copied'])).code).toBe(0);
    const payload = readBlob(at('copied'), companion('copied', 'sig').layers[0]?.digest ?? '').toString('utf8');
    expect(JSON.parse(payload).critical.identity['docker-reference']).toBe(`${registry.host}/team/app`);
    expect((await verify('oci:copied')).code).toBe(0);
    expect((await project.run(['copy', 'oci:copied:latest', `registry:${registry.host}/bare:1`])).code).toBe(0);
    expect((await verify(`${registry.host}/bare:1`)).code).toBe(4);
    const to = `registry:${registry.host}/whole:1`;
    expect((await project.run(['copy', '--referrers', 'oci:copied:latest', to])).code).toBe(0);
    expect((await verify(`${registry.host}/whole:1`)).code).toBe(0);
  });
});
