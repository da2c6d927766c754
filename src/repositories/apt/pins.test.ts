import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../versions/testing/oracle.ts';
import type { Pin } from './pins.ts';
import { aptOptions } from './testing/apt-tool.ts';
import { openTestArchive } from './testing/open-test-archive.ts';
import { makeTestArchive, type TestSuite, writeTestArchive } from './testing/test-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-pins-'));
afterAll(() => rmSync(folder, { recursive: true }));

const suites: readonly TestSuite[] = [
  {
    name: 'stable',
    release: { Version: '12.5' },
    packages: [
      { name: 'tool', version: '1.0-1' },
      { name: 'same', version: '3.0' },
      { name: 'lib-one', version: '1.1', fields: { Source: 'library' } },
    ],
  },
  {
    name: 'backports',
    release: { NotAutomatic: 'yes', ButAutomaticUpgrades: 'yes', Label: 'Backports' },
    packages: [
      { name: 'tool', version: '2.0-1' },
      { name: 'same', version: '3.0' },
      { name: 'lib-one', version: '1.2', fields: { Source: 'library' } },
    ],
  },
  {
    name: 'experimental',
    release: { NotAutomatic: 'yes', Origin: 'Elsewhere', Codename: 'rc-buggy' },
    packages: [
      { name: 'tool', version: '3.0~rc1-1' },
      { name: 'lib-one', version: '2.0', fields: { Source: 'library' } },
      { name: 'fresh', version: '0.1' },
    ],
  },
];

/** Rules in our form, and the same as a file of preferences. */
const rules: readonly (readonly [string, readonly Pin[], string])[] = [
  ['no rule', [], ''],
  [
    'a release for all',
    [{ packages: ['*'], release: { suite: 'backports' }, priority: 990 }],
    'Package: *\nPin: release a=backports\nPin-Priority: 990\n',
  ],
  [
    'a codename and an origin',
    [{ packages: ['*'], release: { codename: 'rc-buggy', origin: 'Elsewhere' }, priority: 600 }],
    'Package: *\nPin: release n=rc-buggy, o=Elsewhere\nPin-Priority: 600\n',
  ],
  [
    'a label',
    [{ packages: ['tool'], release: { label: 'Backports' }, priority: 700 }],
    'Package: tool\nPin: release l=Backports\nPin-Priority: 700\n',
  ],
  [
    'a version',
    [{ packages: ['tool'], version: '3.0~*', priority: 800 }],
    'Package: tool\nPin: version 3.0~*\nPin-Priority: 800\n',
  ],
  [
    'several names, one a pattern',
    [{ packages: ['lib-*', 'same'], release: { suite: 'backports' }, priority: 550 }],
    'Package: lib-* same\nPin: release a=backports\nPin-Priority: 550\n',
  ],
  [
    'a source',
    [{ packages: ['src:library'], release: { suite: 'experimental' }, priority: 550 }],
    'Package: src:library\nPin: release a=experimental\nPin-Priority: 550\n',
  ],
  [
    'a component and a version of the release',
    [{ packages: ['*'], release: { component: 'main', version: '12*' }, priority: 20 }],
    'Package: *\nPin: release c=main, v=12*\nPin-Priority: 20\n',
  ],
  [
    'a version that is never taken',
    [{ packages: ['tool'], version: '1.0-1', priority: -1 }],
    'Package: tool\nPin: version 1.0-1\nPin-Priority: -1\n',
  ],
  [
    'the first of several, names before all',
    [
      { packages: ['*'], release: { suite: 'stable' }, priority: 900 },
      { packages: ['*'], release: { suite: 'stable' }, priority: 10 },
      { packages: ['tool'], release: { suite: 'backports' }, priority: 950 },
      { packages: ['tool'], release: { suite: 'backports' }, priority: 50 },
    ],
    'Package: *\nPin: release a=stable\nPin-Priority: 900\n\nPackage: *\nPin: release a=stable\nPin-Priority: 10\n\nPackage: tool\nPin: release a=backports\nPin-Priority: 950\n\nPackage: tool\nPin: release a=backports\nPin-Priority: 50\n',
  ],
];

const names = ['tool', 'same', 'lib-one', 'fresh'];

describe('pins', () => {
  it('take the newest of what a release gives on its own account', async () => {
    const archive = await openTestArchive(suites);
    expect(archive.versionsOf('tool').map(({ version }) => version)).toEqual(['1.0-1', '2.0-1', '3.0~rc1-1']);
    expect(archive.versionsOf('same').map(({ suite }) => suite)).toEqual(['stable']);
    await archive.close();
  });

  it.skipIf(isMissing('apt-cache', '--version')).each(rules)(
    'choose as apt does by %s',
    async (_, pins, preferences) => {
      const archive = await openTestArchive(suites, { pins });
      const ours = Object.fromEntries(names.map((name) => [name, archive.versionsOf(name)[0]?.version]));
      await archive.close();
      expect(ours).toEqual(await candidatesOfApt(preferences));
    },
  );
});

let aptReady: Promise<readonly string[]> | undefined;

async function prepareApt(): Promise<readonly string[]> {
  const made = await makeTestArchive(suites);
  const root = join(folder, 'archive');
  writeTestArchive(made, root);
  writeFileSync(join(folder, 'key.gpg'), Buffer.from(made.key.publicKey.data, 'base64'));
  const lines = suites.map(({ name }) => `deb [signed-by=${folder}/key.gpg] file:${root} ${name} main\n`);
  mkdirSync(join(folder, 'apt'));
  const options = aptOptions(join(folder, 'apt'), lines.join(''));
  execFileSync('apt-get', [...options, 'update'], { stdio: 'ignore' });
  return options;
}

async function candidatesOfApt(preferences: string): Promise<Record<string, string | undefined>> {
  aptReady ??= prepareApt();
  const options = await aptReady;
  const file = join(folder, 'preferences');
  writeFileSync(file, preferences);
  const all = [...options, '-o', `Dir::Etc::preferences=${file}`, 'policy', ...names];
  const output = execFileSync('apt-cache', all, { encoding: 'utf8' });
  return Object.fromEntries(
    output.split(/^(?=\S)/m).map((block) => {
      const candidate = /Candidate: (\S+)/.exec(block)?.[1];
      return [block.slice(0, block.indexOf(':')), candidate === '(none)' ? undefined : candidate];
    }),
  );
}
