import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, type TestServer } from '../../src/net/testing/serve.ts';
import { type DebFile, makeAr, makeDeb, makeTar } from '../../src/repositories/apt/testing/make-deb.ts';
import type { TestPackage, TestSuite } from '../../src/repositories/apt/testing/test-archive.ts';
import { makeSigningKey } from '../../src/signing/testing/signing-key.ts';
import { makeProject, type Project } from './project.ts';

let project: Project;
const tool: TestPackage = { name: 'tool', version: '1.0-1', files: [{ name: 'usr/bin/tool', content: 'a' }] };

beforeAll(async () => {
  project = await makeProject([tool]);
  project.write('packages: [tool]');
});
afterAll(() => project.close());

/** Exit code and sentence of a build that must leave nothing behind and give a hint; each begins with an empty cache. */
async function refusal(
  environment: Readonly<Record<string, string>> = {},
  keepCache = false,
): Promise<readonly [number | null, string]> {
  if (!keepCache) rmSync(join(project.folder, 'cache'), { recursive: true, force: true });
  rmSync(join(project.folder, 'cinzel.lock.json'), { force: true });
  const { code, stdout, stderr } = await project.run(['build', '-o', 'oci:image'], environment);
  expect(stdout).toBe('');
  expect(existsSync(join(project.folder, 'image'))).toBe(false);
  const sentences = stderr.split('\n').filter((line) => line.startsWith('cinzel: '));
  expect(sentences, stderr).toHaveLength(1);
  expect(stderr, 'a hint').toMatch(/\n {2}\S/);
  return [code, sentences[0] ?? ''];
}

function file(ending: string): string {
  return [...project.archive.files.keys()].find((path) => path.endsWith(ending)) ?? '';
}

describe('an index', () => {
  const publish = (suite: Partial<TestSuite>) => project.publish([tool], suite);

  it('that has expired is refused, unless it is asked for', async () => {
    await publish({ release: { 'Valid-Until': 'Sat, 01 Jun 2024 01:00:00 UTC' } });
    expect(await refusal()).toEqual([4, expect.stringContaining('expired')]);
    const { code } = await project.run(['build', '-o', 'oci:old', '--allow-expired', '--no-documents']);
    expect(code).toBe(0);
  });

  it('that nobody signed, or somebody else, or that was changed is refused', async () => {
    await publish({ signers: [await makeSigningKey()] });
    expect(await refusal()).toEqual([4, expect.stringContaining('is not known')]);
    await publish({});
    const path = 'dists/trixie/InRelease';
    const good = Buffer.from(project.archive.files.get(path) ?? '').toString('utf8');
    project.archive.files.set(path, Buffer.from(good.replace('Codename: trixie', 'Codename: trixiE')));
    expect(await refusal()).toEqual([4, expect.stringContaining('The index of trixie cannot be trusted')]);
    project.archive.files.set(path, Buffer.from('<html>Log in first</html>'));
    expect(await refusal()).toEqual([4, expect.stringContaining('not signed')]);
    for (const suite of ['trixie', 'trixie-updates', 'trixie-security']) {
      for (const name of ['InRelease', 'Release.gpg']) project.archive.files.delete(`dists/${suite}/${name}`);
    }
    expect((await refusal())[0]).toBeGreaterThanOrEqual(3);
  });

  it('whose list of packages is not the one that was signed is refused', async () => {
    await publish({});
    for (const path of project.archive.files.keys()) {
      if (/binary-amd64\/(Packages|by-hash)/.test(path)) project.archive.files.set(path, Buffer.from('Package: x\n'));
    }
    expect((await refusal())[0]).toBe(4);
  });

  it('that is older than the one that was seen before is refused', async () => {
    await publish({ date: new Date('2024-06-02T00:00:00Z') });
    rmSync(join(project.folder, 'cache'), { recursive: true, force: true });
    expect((await project.run(['lock', '--lock', 'seen.json'])).code).toBe(0);
    await publish({ date: new Date('2024-05-02T00:00:00Z') });
    expect(await refusal({}, true)).toEqual([4, expect.stringContaining('older')]);
  });
});

describe('a package', () => {
  const control = { Package: 'tool', Version: '1.0-1', Architecture: 'amd64' };
  const of = (files: readonly DebFile[]) => makeDeb({ control, files });
  const controlTar = gzipSync(
    makeTar([{ name: 'control', content: 'Package: tool\nVersion: 1.0-1\nArchitecture: amd64\n' }]),
  );
  const version = ['debian-binary', Buffer.from('2.0\n')] as const;

  it.each<[string, Buffer]>([
    ['with a path that leaves the root', of([{ name: '../../etc/passwd', content: 'x' }])],
    [
      'with an absolute link and a file below it',
      of([
        { name: 'a', type: 'symlink', link: '/etc' },
        { name: 'a/passwd', content: 'x' },
      ]),
    ],
    ['with a hard link out of it', of([{ name: 'a', type: 'hardlink', link: '../../../etc/shadow' }])],
    ['of an unknown compression', makeAr([version, ['control.tar.gz', controlTar], ['data.tar.br', Buffer.from('x')]])],
    ['without data', makeAr([version, ['control.tar.gz', controlTar]])],
    ['without control', makeAr([version, ['data.tar.gz', gzipSync(makeTar([]))]])],
    ['that is no archive', Buffer.from('<html>')],
    ['that is cut inside', of([{ name: 'a', content: 'x' }]).subarray(0, 300)],
  ])('%s is refused', async (_, deb) => {
    await project.publish([{ ...tool, deb }]);
    expect(await refusal()).toEqual([4, expect.stringContaining('tool_1.0-1_amd64.deb')]);
  });

  it('with other bytes than the index promises is refused', async () => {
    await project.publish([tool]);
    project.archive.files.set(file('tool_1.0-1_amd64.deb'), Buffer.from('x'.repeat(300)));
    expect(await refusal()).toEqual([4, expect.stringMatching(/digest|bytes/)]);
  });
});

describe('a mirror', () => {
  let server: TestServer;
  let behaviour: 'cuts' | 'hangs' | 'fails' = 'cuts';

  beforeAll(async () => {
    await project.publish([tool]);
    server = await serve((request, response) => {
      const path = (request.url ?? '').slice(1);
      const content = project.archive.files.get(path);
      if (!path.endsWith('.deb')) {
        response.writeHead(content === undefined ? 404 : 200, { 'content-length': content?.length ?? 0 }).end(content);
      } else if (behaviour === 'fails') response.writeHead(503).end();
      else {
        response.writeHead(200, { 'content-length': content?.length ?? 0 });
        response.write(content?.subarray(0, 10));
        if (behaviour === 'cuts') setTimeout(() => response.destroy(), 10);
      }
    });
    project.write('packages: [tool]', server.url);
  });
  afterAll(() => server.close());

  it.each(['cuts', 'hangs', 'fails'] as const)('that %s ends the build with exit 3', async (kind) => {
    behaviour = kind;
    const [code, sentence] = await refusal({ CINZEL_TIMEOUT: '1' });
    expect([code, sentence]).toEqual([3, expect.stringContaining('127.0.0.1')]);
  });

  it('that does not have a package any more, or any suite, is named', async () => {
    project.write('packages: [tool]');
    await project.run(['lock']);
    const lock = join(project.folder, 'cinzel.lock.json');
    project.archive.files.delete(file('tool_1.0-1_amd64.deb'));
    rmSync(join(project.folder, 'cache'), { recursive: true, force: true });
    const gone = await project.run(['build', '-o', 'oci:image', '--frozen']);
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('snapshot.debian.org')]);
    rmSync(lock);
    project.write('packages: [tool]', `${project.served.url}/nothing`);
    expect((await refusal())[0]).toBe(3);
  });
});
