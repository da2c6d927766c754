import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestPackage } from '../../src/repositories/apt/testing/test-archive.ts';
import { makeProject, type Project } from './project.ts';

let project: Project;
const old = { name: 'libssl3', version: '3.0.1-1', fields: { Source: 'openssl' } };
const tool = { name: 'tool', version: '1.0-1', fields: { Depends: 'libssl3, libc6' } };
const libc = { name: 'libc6', version: '2.36-1', fields: { Source: 'glibc (2.36-1)' } };

beforeAll(async () => {
  project = await makeProject([tool, old, libc]);
  project.write('packages: [tool]');
});
afterAll(() => project.close());

const lockFile = (): string => join(project.folder, 'cinzel.lock.json');

function changelog(source: string, entries: readonly (readonly [version: string, text: string])[]): string {
  return entries
    .map(
      ([version, text]) =>
        `${source} (${version}) trixie; urgency=medium\n\n  * ${text}\n\n -- A <a@example.com>  Sat, 01 Jun 2024 00:00:00 +0000\n`,
    )
    .join('\n');
}

function withChangelog(one: TestPackage, text: string): TestPackage {
  return { ...one, files: [{ name: `usr/share/doc/${one.name}/changelog.Debian.gz`, content: gzipSync(text) }] };
}

const fixed = withChangelog(
  { ...old, version: '3.0.3-1' },
  changelog('openssl', [
    ['3.0.3-1', 'Fix CVE-2024-0003. Not affected by CVE-2024-0009.'],
    ['3.0.2-1', 'Fix CVE-2024-0002'],
    ['3.0.1-1', 'Fix CVE-2024-0001'],
  ]),
);

it('names every package with version, hash, suite, origin and why it is there', async () => {
  const { code, stdout } = await project.run(['lock']);
  expect(code).toBe(0);
  expect(stdout.split('\n')[1]).toMatch(/^amd64 +libc6 +– +2\.36-1$/);
  const { suites, packages } = JSON.parse(readFileSync(lockFile(), 'utf8')).architectures.amd64;
  expect(suites[0]).toMatchObject({ suite: 'trixie', origin: 'Test', key: expect.stringMatching(/^[0-9A-F]{40}$/) });
  expect(packages).toMatchObject([
    { name: 'tool', version: '1.0-1', suite: 'trixie', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { name: 'libc6', sourceVersion: '2.36-1', wantedBy: 'tool' },
    { name: 'libssl3', source: 'openssl', wantedBy: 'tool' },
  ]);
  expect(packages[0].wantedBy).toBeUndefined();
});

it('tells on --update what changed, and the CVEs that the changelogs in between say are fixed', async () => {
  await project.run(['lock']);
  const before = readFileSync(lockFile());
  await project.publish([tool, fixed, libc]);
  expect((await project.run(['lock'])).stdout).toBe('');
  expect(readFileSync(lockFile())).toEqual(before);
  const { code, stdout } = await project.run(['lock', '--update']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^amd64 +libssl3 +3\.0\.1-1 +3\.0\.3-1$/m);
  expect(stdout).toMatch(/^openssl 3\.0\.3-1 fixes CVE-2024-0002, CVE-2024-0003$/m);
  expect(stdout).not.toMatch(/CVE-2024-000[19]/);
  writeFileSync(lockFile(), before);
  const { fixes, changes } = JSON.parse((await project.run(['lock', '--update', '-o', 'json'])).stdout);
  expect(changes).toEqual([{ architecture: 'amd64', name: 'libssl3', before: '3.0.1-1', after: '3.0.3-1' }]);
  expect(fixes).toEqual([
    { source: 'openssl', before: '3.0.1-1', after: '3.0.3-1', fixes: ['CVE-2024-0002', 'CVE-2024-0003'] },
  ]);
});

it('says when a changelog cannot be had, and fixes nothing by going back', async () => {
  await project.publish([tool, { ...old, version: '3.0.4-1' }, libc]);
  const missing = await project.run(['lock', '--update']);
  expect([missing.code, missing.stderr]).toEqual([0, expect.stringContaining('openssl')]);
  await project.publish([tool, fixed, libc]);
  const { code, stdout } = await project.run(['lock', '--update', '-o', 'json']);
  expect([code, JSON.parse(stdout).fixes]).toEqual([0, []]);
});

it('that is stale is exit 1 when it is frozen, says what changed, and stays', async () => {
  await project.run(['lock', '--update']);
  const before = readFileSync(lockFile());
  project.write('packages: [libc6, "libssl3=3.0.3-1"]');
  for (const command of ['lock', 'build']) {
    const { code, stderr } = await project.run([command, '--frozen', ...(command === 'build' ? ['-o', 'oci:x'] : [])]);
    expect(code).toBe(1);
    expect(stderr).toContain("is not this recipe's: + libc6; + libssl3=3.0.3-1; - tool.");
  }
  const both = await project.run(['lock', '--frozen', '--lock', 'nothing.json']);
  expect([both.code, both.stderr]).toEqual([1, expect.stringContaining('There is no lock at nothing.json')]);
  expect(readFileSync(lockFile())).toEqual(before);
  project.write('packages: [tool]');
});
