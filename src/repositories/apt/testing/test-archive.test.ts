import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../../versions/testing/oracle.ts';
import { aptOptions } from './apt-tool.ts';
import { openTestArchive } from './open-test-archive.ts';
import { makeTestArchive, type TestSuite, writeTestArchive } from './test-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-test-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const suite: TestSuite = {
  name: 'stable',
  packages: [
    { name: 'tool', version: '1:2.0-1', fields: { Depends: 'data (>= 1)' }, files: [{ name: 'usr/bin/tool' }] },
    { name: 'data', version: '1.5', architecture: 'all', fields: { Source: 'tool-data (1.4)' } },
  ],
};

describe('the test archive', () => {
  it('is one that we read', async () => {
    const archive = await openTestArchive([suite]);
    const [tool] = archive.versionsOf('tool');
    expect(tool).toMatchObject({ version: '1:2.0-1', depends: 'data (>= 1)', suite: 'stable', component: 'main' });
    expect(archive.newest('tool-data')?.version).toBe('1.4');
    await archive.close();
  });

  it.skipIf(isMissing('apt-get', '--version') || isMissing('gpgv', '--version'))('is one that apt reads', async () => {
    const made = await makeTestArchive([suite]);
    const root = join(folder, 'archive');
    writeTestArchive(made, root);
    const options = aptOptions(join(folder, 'apt'), `deb [signed-by=${folder}/key.gpg] file:${root} stable main\n`);
    writeFileSync(join(folder, 'key.gpg'), Buffer.from(made.key.publicKey.data, 'base64'));
    execFileSync('apt-get', [...options, 'update'], { encoding: 'utf8' });
    const plan = execFileSync('apt-get', [...options, '--simulate', 'install', 'tool'], { encoding: 'utf8' });
    expect(plan.split('\n').filter((line) => line.startsWith('Inst'))).toEqual([
      'Inst data (1.5 Test:stable [all])',
      'Inst tool (1:2.0-1 Test:stable [amd64])',
    ]);
    execFileSync('apt-get', [...options, 'download', 'tool'], { cwd: folder });
    const contents = execFileSync('dpkg-deb', ['-c', 'tool_1%3a2.0-1_amd64.deb'], { cwd: folder, encoding: 'utf8' });
    expect(contents).toMatch(/^-rw-r--r-- 0\/0 .* \.\/usr\/bin\/tool$/m);
  });
});
