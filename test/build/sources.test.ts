import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve, type TestServer } from '../../src/net/testing/serve.ts';
import {
  makeTestArchive,
  type TestArchive,
  writeTestArchive,
} from '../../src/repositories/apt/testing/test-archive.ts';
import { makeProject, type Project } from './project.ts';

let project: Project;
let own: TestArchive;
let server: TestServer;
const requests: (string | undefined)[] = [];

beforeAll(async () => {
  project = await makeProject([
    { name: 'tool', version: '1.0-1', fields: { Depends: 'lib1' } },
    { name: 'lib1', version: '1' },
  ]);
  own = await makeTestArchive([
    { name: 'stable', packages: [{ name: 'tool', version: '2.0-1' }], release: { Origin: 'Own' } },
  ]);
  writeFileSync(join(project.folder, 'own.gpg'), Buffer.from(own.key.publicKey.data, 'base64'));
  const login = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  server = await serve((request, response) => {
    requests.push(request.headers.authorization);
    const content = own.files.get((request.url ?? '').slice(1));
    const status = request.headers.authorization !== login ? 401 : content === undefined ? 404 : 200;
    response.writeHead(status).end(status === 200 ? content : '');
  });
});
afterAll(async () => {
  await server.close();
  await project.close();
});

const recipe = (mirror: string, more = '') =>
  `packages: [tool]\nsources: [{ name: own, mirror: '${mirror}', suites: [stable], keys: [own.gpg] }]\n${more}`;

async function locked(): Promise<readonly { readonly version: string; readonly archive: string }[]> {
  const { code, stderr } = await project.run(['lock', '--update']);
  expect(code, stderr).toBe(0);
  return JSON.parse(readFileSync(join(project.folder, 'cinzel.lock.json'), 'utf8')).architectures.amd64.packages;
}

it('takes packages from a further archive with its own key and password, which nobody else gets to see', async () => {
  project.write(recipe(server.url.replace('//', '//me:secret@')));
  expect(await locked()).toMatchObject([{ version: '2.0-1', archive: 'own' }]);
  expect((await project.run(['build', '-o', 'oci:image'])).code).toBe(0);
  const lock = readFileSync(join(project.folder, 'cinzel.lock.json'), 'utf8');
  for (const secret of ['secret', '127.0.0.1']) {
    expect(lock).not.toContain(secret);
    expect(spawnSync('grep', ['-rl', secret, join(project.folder, 'image')]).stdout.toString()).toBe('');
  }
  expect((await project.run(['build', '--check', 'oci:image'])).code).toBe(0);
  project.write(recipe(server.url));
  expect((await project.run(['lock', '--update'])).code).toBe(3);
});

it('takes them from a folder, and by pins those that are preferred', async () => {
  writeTestArchive(own, join(project.folder, 'own'));
  project.write(recipe(join(project.folder, 'own')));
  expect((await locked())[0]).toMatchObject({ version: '2.0-1' });
  project.write(
    recipe(join(project.folder, 'own'), "pins: [{ packages: ['*'], release: { origin: Own }, priority: 90 }]"),
  );
  expect((await project.run(['lock', '--frozen'])).code).toBe(1);
  expect(await locked()).toMatchObject([{ version: '1.0-1', archive: 'main' }, { archive: 'main' }]);
});

it('refuses an archive that its key has not signed', async () => {
  project.write(recipe(join(project.folder, 'own')).replace('own.gpg', 'key.gpg'));
  expect((await project.run(['lock', '--update'])).code).toBe(4);
});
