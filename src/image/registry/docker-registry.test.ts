import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Digest, sha256 } from '../../core/digest.ts';
import { defaultLimits } from '../../core/limits.ts';
import { createHttpClient } from '../../net/http-client.ts';
import { makeCertificate } from '../../net/testing/certificate.ts';
import { mediaTypes } from '../manifest.ts';
import { parseRegistryName } from '../reference.ts';
import { openRegistryImage, registryPlatforms } from '../sources/registry.ts';
import { hasRegistryTools, type RealRegistry, startDockerRegistry } from '../testing/docker-registry.ts';
import { makeLayer, makeLayout } from '../testing/make-layout.ts';
import { startTokenIssuer, type TokenIssuer } from '../testing/token-issuer.ts';
import { createRegistryClient, type RegistryClient, type RegistryOptions } from './client.ts';

const skip = !hasRegistryTools() && !process.env['CI'];
const folder = mkdtempSync(join(tmpdir(), 'cinzel-registry-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((item) => item.close()));
});

function client(host: string, options: Partial<RegistryOptions> = {}): RegistryClient {
  const http = createHttpClient({ sleep: async () => {} });
  open.push(http);
  // No file of credentials of the machine's own may matter.
  const environment = { HOME: join(folder, 'home') };
  const signal = new AbortController().signal;
  return createRegistryClient({ registry: host, http, environment, limits: defaultLimits, signal, ...options });
}

/** Not synchronous: the token service that it asks is part of this process. */
async function skopeo(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('skopeo', args, { timeout: 60_000 })).stdout;
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const layers = [
  makeLayer([{ name: 'etc/' }, { name: 'etc/os-release', content: 'ID=debian\n' }]),
  makeLayer([{ name: 'data', content: randomBytes(300_000) }]),
];
const layout = join(folder, 'layout');

beforeAll(() => {
  makeLayout(layout, { layers, compression: 'gzip', tag: 'v1', config: { User: 'nobody', Env: ['A=b'] } });
});

async function push(host: string, name: string, ...args: readonly string[]): Promise<void> {
  await skopeo('copy', '--dest-tls-verify=false', ...args, `oci:${layout}:v1`, `docker://${host}/${name}`);
}

async function checkImage(registry: RegistryClient, name: string): Promise<void> {
  const image = await openRegistryImage(parseRegistryName(`${registry.registry}/${name}`), {
    typed: name,
    client: registry,
    limits: defaultLimits,
  });
  expect(image).toMatchObject({ config: { user: 'nobody', env: ['A=b'] }, platform: { os: 'linux' } });
  expect(image.layers.map((layer) => layer.diffId)).toEqual(layers.map((layer) => sha256(layer)));
  for (const layer of image.layers) {
    const { blob, digest } = layer;
    if (blob?.kind !== 'stream') throw new Error('not streamed');
    const bytes = await collect(blob.open(new AbortController().signal));
    expect(sha256(bytes)).toBe(digest);
    expect(bytes.length).toBe(layer.compressedSize);
  }
}

describe.skipIf(skip)('a real registry that anybody may use', () => {
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry();
    await push(registry.host, 'team/app:1.0');
  });
  afterAll(() => registry.close());

  it('gives what skopeo put there', async () => {
    const { host } = registry;
    const manifest = await client(host).getManifest('team/app', '1.0');
    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${host}/team/app:1.0`);
    expect(Buffer.from(manifest.bytes).toString()).toBe(raw);
    expect(manifest).toMatchObject({ mediaType: mediaTypes.ociManifest, digest: sha256(raw) });
    await checkImage(client(host), 'team/app:1.0');
  });

  it('opens the same configuration as skopeo', async () => {
    const { host } = registry;
    const image = await openRegistryImage(parseRegistryName(`${host}/team/app:1.0`), {
      typed: 'x',
      client: client(host),
      limits: defaultLimits,
    });
    const config = await skopeo('inspect', '--config', '--raw', '--tls-verify=false', `docker://${host}/team/app:1.0`);
    expect(Buffer.from(image.rawConfig ?? []).toString()).toBe(config);
    const inspected = JSON.parse(await skopeo('inspect', '--tls-verify=false', `docker://${host}/team/app:1.0`));
    expect(image.digest).toBe(inspected.Digest);
    expect(image.layers.map((layer) => layer.digest)).toEqual(inspected.Layers);
  });

  it('gives Docker manifests too', async () => {
    await push(registry.host, 'team/docker:1', '--format', 'v2s2');
    const manifest = await client(registry.host).getManifest('team/docker', '1');
    expect(manifest.mediaType).toBe(mediaTypes.dockerManifest);
    await checkImage(client(registry.host), 'team/docker:1');
  });

  it('tells what a tag names without its bytes', async () => {
    const own = client(registry.host);
    const { digest, bytes, mediaType } = await own.getManifest('team/app', '1.0');
    expect(await own.headManifest('team/app', '1.0')).toEqual({ mediaType, digest, size: bytes.length });
    expect(await own.headManifest('team/app', 'none')).toBeUndefined();
  });

  it('says that there is no such image', async () => {
    const own = client(registry.host);
    const missing = expect.objectContaining({ code: 'environment.not-found' });
    await expect(own.getManifest('team/app', 'none')).rejects.toThrow(missing);
    await expect(own.getManifest('no/such', 'latest')).rejects.toThrow(missing);
    await expect(own.tags('no/such')).rejects.toThrow(missing);
    const blob = { digest: sha256('nothing'), size: 7 };
    await expect(collect(own.readBlob('team/app', blob))).rejects.toThrow(missing);
  });

  it('lists tags', async () => {
    await push(registry.host, 'team/tags:a');
    await push(registry.host, 'team/tags:b');
    expect(new Set(await client(registry.host).tags('team/tags'))).toEqual(new Set(['a', 'b']));
  });

  it.each([undefined, 64 * 1024, 300_000, 10_000_000])('stores a blob once, in pieces of %s', async (chunkSize) => {
    const own = client(registry.host);
    const bytes = randomBytes(300_000);
    const blob = { digest: sha256(bytes), size: bytes.length };
    const upload = { blob, open: () => inParts(bytes), ...(chunkSize === undefined ? {} : { chunkSize }) };
    const repository = `upload/${chunkSize ?? 'whole'}`;
    expect(await own.putBlob(repository, upload)).toBe('uploaded');
    expect(await own.putBlob(repository, upload)).toBe('present');
    expect(await own.hasBlob(repository, blob.digest)).toBe(true);
    expect((await collect(own.readBlob(repository, blob))).equals(bytes)).toBe(true);
    expect(await own.putBlob(`${repository}/mounted`, { ...upload, mountFrom: repository })).toBe('mounted');
  });

  it('refuses a blob that is not what its digest says', async () => {
    const own = client(registry.host);
    const blob = { digest: sha256('other'), size: 5 };
    const upload = own.putBlob('upload/lie', { blob, open: () => inParts(Buffer.from('bytes')) });
    await expect(upload).rejects.toThrow(expect.objectContaining({ code: 'environment.http' }));
  });

  it('stores images that skopeo reads, and several platforms under one tag', async () => {
    const own = client(registry.host);
    const source = await own.getManifest('team/app', '1.0');
    const manifest = JSON.parse(Buffer.from(source.bytes).toString());
    for (const { digest, size } of [manifest.config, ...manifest.layers]) {
      const blob = { digest: digest as Digest, size: size as number };
      const open = (): AsyncIterable<Uint8Array> => own.readBlob('team/app', blob);
      await own.putBlob('team/copy', { blob, open, mountFrom: 'team/app' });
    }
    await own.putManifest('team/copy', source.digest, source);
    const platforms = ['amd64', 'arm64'].map((architecture) => ({
      mediaType: source.mediaType,
      digest: source.digest,
      size: source.bytes.length,
      platform: { os: 'linux', architecture },
    }));
    const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: platforms };
    const bytes = Buffer.from(JSON.stringify(index));
    expect(await own.putManifest('team/copy', 'multi', { mediaType: mediaTypes.ociIndex, bytes })).toBe(sha256(bytes));
    const target = join(folder, 'copied');
    await skopeo('copy', '--src-tls-verify=false', `docker://${registry.host}/team/copy:multi`, `oci:${target}:x`);
    expect(readFileSync(join(target, 'index.json'), 'utf8')).toContain(source.digest);
    const name = parseRegistryName(`${registry.host}/team/copy:multi`);
    expect(await registryPlatforms(name, own)).toEqual(platforms.map(({ platform }) => platform));
    await checkImage(own, 'team/copy:multi');
  });

  it('keeps referrers under a tag where the registry has no list of them', async () => {
    const own = client(registry.host);
    const subject = await own.headManifest('team/app', '1.0');
    if (subject === undefined) throw new Error('no subject');
    expect(await own.referrers('team/app', subject.digest)).toEqual([]);
    const empty = Buffer.from('{}');
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(empty), size: empty.length };
    await own.putBlob('team/app', { blob: config, open: () => inParts(empty) });
    const types = ['application/vnd.example.sbom', 'application/vnd.example.signature'];
    for (const artifactType of types) {
      const manifest = {
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        artifactType,
        config,
        layers: [config],
        subject,
      };
      const bytes = Buffer.from(JSON.stringify({ ...manifest, annotations: { made: 'here' } }));
      await own.putManifest('team/app', sha256(bytes), { mediaType: mediaTypes.ociManifest, bytes });
      await own.putManifest('team/app', sha256(bytes), { mediaType: mediaTypes.ociManifest, bytes });
    }
    const all = await own.referrers('team/app', subject.digest);
    expect(all.map((item) => String(item.artifactType)).sort()).toEqual(types);
    const [sbom] = await own.referrers('team/app', subject.digest, types[0]);
    expect(sbom).toMatchObject({ artifactType: types[0], annotations: { made: 'here' } });
    expect((await own.getManifest('team/app', sbom?.digest ?? '')).digest).toBe(sbom?.digest);
  });

  it('serves as a mirror of another registry, which is asked when the mirror has nothing', async () => {
    const upstream = await startDockerRegistry();
    open.push(upstream);
    await push(upstream.host, 'only/upstream:1');
    const own = client(upstream.host, { mirrors: [registry.host, `http://${registry.host}/team`] });
    await checkImage(own, 'app:1.0');
    await checkImage(own, 'only/upstream:1');
  });
});

describe.skipIf(skip)('a real registry that wants a password', () => {
  const login = { username: 'tester', password: 'pass:word' };
  let registry: RealRegistry;
  beforeAll(async () => {
    const file = join(folder, 'htpasswd');
    execFileSync('htpasswd', ['-Bbc', file, login.username, login.password], { stdio: 'ignore' });
    registry = await startDockerRegistry({ auth: `{htpasswd: {realm: r, path: ${file}}}` });
    await push(registry.host, 'secret/app:1', '--dest-creds', `${login.username}:${login.password}`);
  });
  afterAll(() => registry.close());

  const refused = expect.objectContaining({ code: 'environment.unauthorized' });

  it('opens with the right one', async () => {
    await checkImage(client(registry.host, { login }), 'secret/app:1');
  });

  it('stays closed without and with a wrong one', async () => {
    await expect(client(registry.host).getManifest('secret/app', '1')).rejects.toThrow(refused);
    const wrong = { ...login, password: 'wrong' };
    await expect(client(registry.host, { login: wrong }).getManifest('secret/app', '1')).rejects.toThrow(refused);
  });

  it('opens with what skopeo login has written', async () => {
    const file = join(folder, 'auth.json');
    const credentials = ['-u', login.username, '-p', login.password];
    await skopeo('login', '--tls-verify=false', '--authfile', file, ...credentials, registry.host);
    const environment = { REGISTRY_AUTH_FILE: file, HOME: folder };
    await checkImage(client(registry.host, { environment }), 'secret/app:1');
  });

  it('takes uploads', async () => {
    const own = client(registry.host, { login });
    const blob = { digest: sha256('bytes'), size: 5 };
    expect(await own.putBlob('secret/up', { blob, open: () => inParts(Buffer.from('bytes')) })).toBe('uploaded');
  });
});

describe.skipIf(skip)('a real registry that wants tokens', () => {
  const login = { username: 'tester', password: 'secret' };
  const refreshToken = 'refresh';
  let registry: RealRegistry;
  let issuer: TokenIssuer;
  beforeAll(async () => {
    const { key, cert, file } = makeCertificate();
    issuer = await startTokenIssuer({ key, cert, login, refreshToken });
    const { realm, service, issuer: name } = issuer;
    const auth = `{token: {realm: "${realm}", service: ${service}, issuer: ${name}, rootcertbundle: ${file}}}`;
    registry = await startDockerRegistry({ auth });
    await push(registry.host, 'token/app:1', '--dest-creds', `${login.username}:${login.password}`);
  });
  afterAll(async () => {
    await registry.close();
    await issuer.close();
  });

  it('gives to anybody, with one token for all requests', async () => {
    issuer.asked.length = 0;
    await checkImage(client(registry.host), 'token/app:1');
    expect(issuer.asked.map(({ query }) => query.getAll('scope'))).toEqual([['repository:token/app:pull']]);
  });

  it('takes from those that have a password', async () => {
    const blob = { digest: sha256('bytes'), size: 5 };
    const upload = { blob, open: () => inParts(Buffer.from('bytes')) };
    await expect(client(registry.host).putBlob('token/up', upload)).rejects.toThrow(
      expect.objectContaining({ code: 'environment.unauthorized' }),
    );
    const own = client(registry.host, { login });
    expect(await own.putBlob('token/up', upload)).toBe('uploaded');
    expect(await own.putBlob('token/other', { ...upload, mountFrom: 'token/up' })).toBe('mounted');
  });

  it('takes from those that have an identity token', async () => {
    const config = join(folder, 'docker');
    execFileSync('mkdir', ['-p', config]);
    const auths = { [registry.host]: { auth: '', identitytoken: refreshToken } };
    writeFileSync(join(config, 'config.json'), JSON.stringify({ auths }));
    const own = client(registry.host, { environment: { DOCKER_CONFIG: config, HOME: folder } });
    const bytes = randomBytes(10);
    const blob = { digest: sha256(bytes), size: 10 };
    expect(await own.putBlob('token/up', { blob, open: () => inParts(bytes) })).toBe('uploaded');
    expect(issuer.asked.at(-1)).toMatchObject({ method: 'POST', authorization: undefined });
  });

  it('refuses a wrong password', async () => {
    const own = client(registry.host, { login: { ...login, password: 'wrong' } });
    await expect(own.getManifest('token/app', '1')).rejects.toThrow(
      expect.objectContaining({ code: 'environment.unauthorized', parameters: { host: registry.host } }),
    );
  });
});

async function* inParts(bytes: Uint8Array, size = 70_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
