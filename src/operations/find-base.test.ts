import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OsvServer, startOsvServer } from '../advisories/testing/osv-server.ts';
import type { SettingKey, SettingValue } from '../configuration/settings.ts';
import { sha256 } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import { hasRegistryTools, type RealRegistry, startDockerRegistry } from '../image/testing/docker-registry.ts';
import { makeLayer, makeLayout, type TestImage } from '../image/testing/make-layout.ts';
import { serve } from '../net/testing/serve.ts';
import type { ScanResult } from '../report/model.ts';
import { copy } from './copy.ts';
import { scan, takeSbom } from './scan.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-base-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function distribution(name: string): Buffer {
  return makeLayer([
    { name: `usr/lib/python3/dist-packages/${name}.dist-info/METADATA`, content: `Name: ${name}\nVersion: 1.0\n` },
  ]);
}

const system = makeLayer([{ name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' }]);
const baseLayers = [system, distribution('of-base')];
const applicationLayers = [...baseLayers, distribution('of-application')];

function layout(name: string, image: Omit<TestImage, 'tag'>): string {
  makeLayout(join(folder, name), { ...image, tag: 'v1' });
  return `oci:${join(folder, name)}:v1`;
}

const base = layout('base', { layers: baseLayers });
const application = layout('application', { layers: applicationLayers });
const stranger = layout('stranger', { layers: [system, distribution('else')] });

type Settings = Partial<Record<SettingKey, SettingValue>>;

async function run(operation: typeof scan, reference: string, settings: Settings): Promise<ScanResult> {
  const toolbox = testToolbox({
    'cache.dir': join(folder, 'cache'),
    'db.dir': join(folder, 'db'),
    platform: 'linux/amd64',
    ...settings,
  });
  try {
    return await operation(reference, toolbox);
  } finally {
    await toolbox.close();
  }
}

const offline = { feeds: [], offline: true };

describe('the base that --base names', () => {
  it('is known by its layers, and by its name and digest', async () => {
    const { image } = await run(takeSbom, application, { ...offline, base });
    expect(image.base).toMatchObject({ layers: 2, digest: expect.stringMatching(/^sha256:/) });
    expect(image.layers).toHaveLength(3);
  });

  it('may be the image itself', async () => {
    const { image } = await run(takeSbom, base, { ...offline, base });
    expect(image.base?.layers).toBe(2);
  });

  it.each([
    ['has other layers', application, stranger],
    ['has more layers', base, application],
  ])('is refused when it %s', async (_case, image, wrong) => {
    const refusal = await run(scan, image, { ...offline, base: wrong }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'usage.base', exitCode: 2, parameters: { base: wrong } });
  });

  it('is guessed whatever --from says of the image', async () => {
    const { image } = await run(takeSbom, application.slice('oci:'.length), { ...offline, from: 'oci', base });
    expect(image.base?.layers).toBe(2);
  });

  it.each([{ 'only-base': true }, { 'ignore-base': true }])('must be there for %j', async (settings) => {
    const refusal = await run(scan, application, { ...offline, ...settings }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'usage.no-base', exitCode: 2 });
    expect(await run(takeSbom, application, { ...offline, ...settings })).not.toHaveProperty('image.base');
  });

  it('cannot be that of an SBOM', async () => {
    const file = join(folder, 'sbom.json');
    writeFileSync(file, JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [] }));
    await expect(run(scan, `sbom:${file}`, { ...offline, base })).rejects.toThrow(CinzelError);
  });
});

describe('vulnerabilities of the base', () => {
  let osv: OsvServer;
  beforeAll(async () => {
    osv = await startOsvServer();
    const record = (id: string, name: string) => ({
      id,
      modified: '2024-01-01T00:00:00Z',
      affected: [{ package: { ecosystem: 'PyPI', name }, versions: ['1.0'] }],
    });
    osv.publish('PyPI', [record('CVE-1', 'of-base'), record('CVE-2', 'of-application')]);
  });
  afterAll(() => osv.close());

  it.each([
    ['are told with the rest', {}, ['CVE-1', 'CVE-2']],
    ['are all with --only-base', { 'only-base': true }, ['CVE-1']],
    ['are left out with --ignore-base', { 'ignore-base': true }, ['CVE-2']],
  ])('%s', async (_case, settings, ids) => {
    const { findings } = await run(scan, application, {
      feeds: ['osv'],
      'feeds.osv.url': osv.url,
      base,
      ...settings,
    });
    expect(findings?.map(({ id }) => id).sort()).toEqual(ids);
  });
});

describe.skipIf(!hasRegistryTools() && !process.env['CI'])('the base that an image names', () => {
  let registry: RealRegistry;
  let other: RealRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry();
    other = await startDockerRegistry();
    await push(base, `${registry.host}/base:1`);
    await push(base, `${other.host}/base:1`);
    await push(stranger, `${registry.host}/stranger:1`);
  });
  afterAll(async () => {
    await registry.close();
    await other.close();
  });

  async function push(from: string, name: string): Promise<void> {
    const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache') });
    try {
      await copy(from, `registry:${name}`, { allPlatforms: false, referrers: false }, toolbox);
    } finally {
      await toolbox.close();
    }
  }

  let number = 0;
  /** The application with labels, in the first registry. */
  async function labelled(labels: Readonly<Record<string, string>>): Promise<string> {
    const name = `labelled-${number++}`;
    const config = { Labels: labels };
    await push(layout(name, { layers: applicationLayers, config }), `${registry.host}/${name}:1`);
    return `registry:${registry.host}/${name}:1`;
  }

  const label = 'org.opencontainers.image.base';

  it('is asked for in the registry that the image came from', async () => {
    const reference = await labelled({ [`${label}.name`]: `${registry.host}/base:1` });
    const { image, diagnostics } = await run(scan, reference, { feeds: [], 'only-base': true });
    expect(image.base).toMatchObject({ name: `${registry.host}/base:1`, layers: 2 });
    expect(diagnostics).toEqual([]);
  });

  it('is asked for by digest when its tag may have moved', async () => {
    const { image: pushed } = await run(takeSbom, `registry:${registry.host}/base:1`, {});
    const digest = pushed.digest ?? '';
    const labels = { [`${label}.name`]: `${registry.host}/base:gone`, [`${label}.digest`]: digest };
    const { image } = await run(takeSbom, await labelled(labels), {});
    expect(image.base).toMatchObject({ name: `${registry.host}/base:gone`, digest, layers: 2 });
  });

  it.each([
    ['base.elsewhere', () => `${other.host}/base:1`, ''],
    ['base.different', () => `${registry.host}/stranger:1`, ''],
    ['base.unreadable', () => `${registry.host}/absent:1`, ''],
    ['base.unreadable', () => `${registry.host}/base:1`, sha256('other')],
  ])('is not known when it cannot be checked: %s', async (code, name, digest) => {
    const reference = await labelled({ [`${label}.name`]: name(), [`${label}.digest`]: digest });
    const { image, diagnostics } = await run(takeSbom, reference, {});
    expect(image).not.toHaveProperty('base');
    expect(diagnostics).toMatchObject([{ code }]);
    const refusal = await run(scan, reference, { feeds: [], 'ignore-base': true }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'usage.no-base' });
  });

  it('may be anywhere when the user names it', async () => {
    const reference = await labelled({});
    const { image } = await run(takeSbom, reference, { base: `${other.host}/base:1` });
    expect(image.base).toMatchObject({ name: `${other.host}/base:1`, layers: 2 });
  });

  it('is never told the password for the registry of the image', async () => {
    const reference = await labelled({});
    const sent: (string | undefined)[] = [];
    const { host, close } = await serve((request, response) => {
      sent.push(request.headers.authorization);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="other"' }).end();
    });
    const settings = { 'registry.username': 'me', 'registry.password': 'secret', base: `${host}/base:1` };
    await expect(run(takeSbom, reference, settings)).rejects.toMatchObject({ code: 'environment.unauthorized' });
    await close();
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((header) => header !== undefined)).toEqual([]);
  });

  it.each(['', 'No Name', '\u001b[31m/x', '../../etc/passwd'])('is no name: %j', async (name) => {
    const { image, diagnostics } = await run(takeSbom, await labelled({ [`${label}.name`]: name }), {});
    expect(image).not.toHaveProperty('base');
    expect(diagnostics).toEqual([]);
  });
});
