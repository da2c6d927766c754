import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRegistryTools, type RealRegistry, startDockerRegistry } from '../../src/image/testing/docker-registry.ts';
import { sharedSchema } from '../../src/report/testing/shared-schema.ts';
import { layoutEntries, makeProject, type Project, readManifest, referrersIn } from './project.ts';

let project: Project;
let layout: string;
const types = ['application/spdx+json', 'application/vnd.cyclonedx+json', 'application/vnd.in-toto+json'];

beforeAll(async () => {
  project = await makeProject([
    { name: 'tool', version: '1.0-1', fields: { Depends: 'lib1' }, files: [{ name: 'usr/bin/tool', content: 'a' }] },
    { name: 'lib1', version: '2:1-1', files: [{ name: 'usr/lib/l.so.1', content: 'b' }] },
  ]);
  layout = join(project.folder, 'image');
  project.write('packages: [tool]');
});

afterAll(() => project.close());

async function build(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(['build', ...words]);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

describe('the report of a build', () => {
  it('tells the digest and the sizes, and what a check finds', async () => {
    const built = JSON.parse(await build('-o', 'oci:image', '--report', 'json'));
    expect(built).toEqual({
      digest: await build('-o', 'oci:image'),
      packages: 2,
      layers: 3,
      bytes: expect.any(Number),
    });
    const check = JSON.parse(await build('--check', 'oci:image', '--report', 'json'));
    expect(check).toEqual({ images: [{ name: 'image:latest', packages: 2, differences: [] }] });
  });
});

describe('the documents of a built image', () => {
  it('stand beside it in the layout, and name it', async () => {
    const digest = await build('-o', 'oci:image');
    const documents = referrersIn(layout, digest);
    expect([...documents.keys()]).toEqual(types);
    const [spdx, cyclonedx, statement] = [...documents.values()].map((bytes) => JSON.parse(bytes.toString('utf8')));
    const names = spdx.packages.map((one: { name: string }) => one.name);
    expect(names).toEqual(expect.arrayContaining(['tool', 'lib1']));
    expect(cyclonedx).toMatchObject({ specVersion: '1.6', metadata: { component: { version: digest } } });
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ digest: { sha256: digest.slice(7) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
    });
    const { resolvedDependencies } = statement.predicate.buildDefinition;
    expect(resolvedDependencies.map((one: { uri: string }) => one.uri)).toEqual([
      'pkg:deb/debian/tool@1.0-1?arch=amd64',
      'pkg:deb/debian/lib1@2:1-1?arch=amd64',
    ]);
    expect(resolvedDependencies[1].annotations).toMatchObject({ wantedBy: 'tool', suite: 'trixie' });
  });

  it.skipIf(sharedSchema('spdx-2.3.schema.json') === undefined)('are what their schemas demand', async () => {
    const documents = referrersIn(layout, await build('-o', 'oci:image'));
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(sharedSchema('spdx-2.3.schema.json') ?? {});
    expect(validate(JSON.parse(String(documents.get(types[0] ?? '')))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('are the same to the byte from another folder, cache and time, and say nothing of the machine', async () => {
    const digest = await build('-o', 'oci:image');
    const other = join(project.folder, 'elsewhere');
    mkdirSync(other);
    for (const name of ['cinzel.build.yaml', 'cinzel.lock.json', 'key.gpg']) {
      cpSync(join(project.folder, name), join(other, name));
    }
    const words = ['build', join(other, 'cinzel.build.yaml'), '-o', `oci:${other}/image`, '--frozen'];
    const { code } = await project.run(words, { CINZEL_CACHE_DIR: join(other, 'cache'), TZ: 'Pacific/Apia' });
    expect(code).toBe(0);
    expect(layoutEntries(join(other, 'image'))).toEqual(layoutEntries(layout));
    for (const bytes of referrersIn(layout, digest).values()) {
      expect(bytes.includes(project.served.url)).toBe(false);
      expect(bytes.includes(project.folder)).toBe(false);
    }
  });

  it('belong to the image of each architecture, and not to the index', async () => {
    const other = (name: string) => ({ name, version: '1', architecture: 'arm64' });
    await project.publish([{ name: 'both', version: '1' }, other('both')]);
    project.write('packages: [both]');
    const digest = await build('-o', 'oci:many', '--arch', 'amd64,arm64', '--update');
    const many = join(project.folder, 'many');
    expect(referrersIn(many, digest).size).toBe(0);
    for (const image of readManifest(many, digest).manifests ?? []) {
      expect([...referrersIn(many, image.digest).keys()]).toEqual(types);
    }
    const checked = await project.run(['build', '--check', 'oci:many', '--arch', 'amd64,arm64']);
    expect(checked.code, checked.stderr).toBe(0);
    expect(checked.stderr).toMatch(/\(amd64\)[\s\S]*\(arm64\)/);
    expect((await project.run(['build', '--check', 'oci:many', '--arch', 's390x'])).code).toBe(2);
    await project.publish([{ name: 'tool', version: '1' }]);
    project.write('packages: [tool]');
  });

  it('claim no registry for an image that went to none', async () => {
    const digest = await build('-o', 'oci:named', '-t', 'some/tool:1');
    const documents = referrersIn(join(project.folder, 'named'), digest);
    const text = Buffer.concat([...documents.values()]).toString('utf8');
    expect(text).toMatch(/pkg:oci\/tool@sha256:[0-9a-f]{64}\?arch=amd64&tag=1/);
    expect(text).not.toContain('repository_url');
  });

  it('go when their image loses its last tag', async () => {
    const first = await build('-o', 'oci:replaced', '-t', 'a');
    const replaced = join(project.folder, 'replaced');
    await build('-o', 'oci:replaced', '-t', 'b');
    project.write('packages: [tool]\nlabels: { a: b }');
    const second = await build('-o', 'oci:replaced', '-t', 'a');
    expect([first, second].map((digest) => referrersIn(replaced, digest).size)).toEqual([3, 3]);
    await build('-o', 'oci:replaced', '-t', 'b');
    expect([first, second].map((digest) => referrersIn(replaced, digest).size)).toEqual([0, 3]);
    project.write('packages: [tool]');
  });

  it('can be left out', async () => {
    await build('-o', 'oci:bare', '--no-documents');
    expect(layoutEntries(join(project.folder, 'bare'))).toHaveLength(1);
  });

  it('do not hide the image from those who name none', async () => {
    await build('-o', 'oci:image');
    const { code, stdout } = await project.run(['sbom', 'oci:image', '-o', 'json', '--offline']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).packages).not.toHaveLength(0);
  });
});

describe.skipIf(!hasRegistryTools())('in a registry without a referrers API', () => {
  let registry: RealRegistry;

  beforeAll(async () => {
    registry = await startDockerRegistry();
  });
  afterAll(() => registry.close());

  it('documents are listed under the tag that stands for it, and copied with the image', async () => {
    rmSync(layout, { recursive: true, force: true });
    const local = await build('-o', 'oci:image', '-t', 'app:1');
    const digest = await build('-o', `registry:${registry.host}/app:1`, '-t', 'app:1');
    expect(digest).toBe(local);
    const answer = await fetch(`http://${registry.host}/v2/app/manifests/${digest.replace(':', '-')}`, {
      headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    });
    const { manifests } = (await answer.json()) as { manifests: readonly { artifactType: string }[] };
    expect(manifests.map(({ artifactType }) => artifactType).sort()).toEqual(types);
    const { code, stderr } = await project.run(['copy', '--referrers', `${registry.host}/app:1`, 'oci:copied']);
    expect(code, stderr).toBe(0);
    const copied = referrersIn(join(project.folder, 'copied'), digest);
    expect([...copied.keys()].sort()).toEqual(types);
    const place = `repository_url=${registry.host}%2Fapp`;
    expect(Buffer.concat([...copied.values()]).toString('utf8')).toContain(place);
  });
});
