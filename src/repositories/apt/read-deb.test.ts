import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isCinzelError } from '../../core/errors.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { type DebContent, decompressDeb, readDeb } from './read-deb.ts';
import { dpkgFacts, ourFacts } from './testing/deb-facts.ts';
import { type DebFile, makeAr, makeDeb, makeTar } from './testing/make-deb.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-read-deb-'));
afterAll(() => rmSync(folder, { recursive: true }));

const control = { Package: 'x', Version: '1', Architecture: 'all', Maintainer: 'A <a@example.com>', Description: 'x' };

async function read(deb: Uint8Array): Promise<DebContent> {
  return readDeb(await decompressDeb(deb, 'x.deb'), 'x.deb');
}

const long = `usr/share/${'deep/'.repeat(60)}a-name-of-${'x'.repeat(120)}`;
const everything: readonly DebFile[] = [
  { name: './', type: 'directory' },
  { name: 'usr/', type: 'directory' },
  { name: 'usr/bin', type: 'directory' },
  { name: 'usr/bin/tool', content: '#!/bin/sh\n', mode: 0o755, mtime: 1_700_000_000 },
  { name: 'usr/bin/setuid', content: 'x', mode: 0o4755 },
  { name: 'usr/bin/setgid', content: 'x', mode: 0o2755, gid: 42 },
  { name: 'usr/bin/alias', type: 'symlink', link: '../../etc/elsewhere' },
  { name: 'usr/bin/twin', type: 'hardlink', link: './usr/bin/tool', mode: 0o755 },
  { name: 'var/tmp', type: 'directory', mode: 0o1777 },
  { name: 'var/lib/owned', type: 'directory', mode: 0o700, uid: 101, gid: 102 },
  { name: 'dev/null', type: 'character', mode: 0o666, device: { major: 1, minor: 3 } },
  { name: 'run/pipe', type: 'fifo' },
  { name: long, content: 'deep' },
  { name: 'usr/share/é ü', content: 'name' },
];

describe('readDeb', () => {
  it.skipIf(isMissing('dpkg-deb', '--version'))('reads every kind of file as dpkg does', async () => {
    const deb = makeDeb({ control, files: everything });
    expect(ourFacts(await read(deb))).toEqual(await dpkgFacts(deb, folder));
  });

  it('gives the control files by name', async () => {
    const deb = makeDeb({ control, controlFiles: { postinst: '#!/bin/sh\n', conffiles: '/etc/x\n' } });
    const { control: files } = await read(deb);
    expect([...files.keys()]).toEqual(['control', 'postinst', 'conffiles']);
    expect(Buffer.from(files.get('conffiles')?.content ?? []).toString()).toBe('/etc/x\n');
  });

  it('takes absolute paths as paths in the root', async () => {
    const { files } = await read(makeDeb({ control, files: [{ name: '/etc//passwd', content: 'x' }] }));
    expect(files.map(({ header }) => header.name)).toEqual(['etc/passwd']);
  });

  const attacks: readonly (readonly [string, readonly DebFile[]])[] = [
    ['a path that leaves the root', [{ name: '../etc/passwd', content: 'x' }]],
    ['a path that leaves it in the middle', [{ name: './usr/../../etc/passwd', content: 'x' }]],
    ['a path that goes back', [{ name: './usr/x/../y', content: 'x' }]],
    [
      'a file under a link',
      [
        { name: 'etc/x', type: 'symlink', link: '/etc' },
        { name: 'etc/x/passwd', content: 'x' },
      ],
    ],
    [
      'a link above a file that came first',
      [
        { name: 'etc/x/passwd', content: 'x' },
        { name: 'etc/x', type: 'symlink', link: '/root' },
      ],
    ],
    [
      'a file under a file',
      [
        { name: 'a', content: 'x' },
        { name: 'a/b', content: 'x' },
      ],
    ],
    [
      'a file that comes twice',
      [
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ],
    ],
    ['a hard link out of the root', [{ name: 'a', type: 'hardlink', link: '../etc/shadow' }]],
    ['a hard link to nothing', [{ name: 'a', type: 'hardlink', link: './etc/shadow' }]],
    [
      'a hard link to a link',
      [
        { name: 'b', type: 'symlink', link: '/etc/shadow' },
        { name: 'a', type: 'hardlink', link: 'b' },
      ],
    ],
  ];

  it.each(attacks)('refuses %s', async (_, files) => {
    await expect(read(makeDeb({ control, files }))).rejects.toMatchObject({ code: 'untrusted.malformed', exitCode: 4 });
  });

  const version = ['debian-binary', Buffer.from('2.0\n')] as const;
  const tar = makeTar([{ name: 'a' }]);

  it.each([
    ['an unknown compression', makeAr([version, ['control.tar.lz4', tar], ['data.tar', tar]]), 'untrusted.unsupported'],
    [
      'a compression that we lack',
      makeAr([version, ['control.tar', tar], ['data.tar.bz2', tar]]),
      'untrusted.unsupported',
    ],
    ['no data', makeAr([version, ['control.tar', tar]]), 'untrusted.truncated'],
    ['no control', makeAr([version, ['data.tar', tar]]), 'untrusted.malformed'],
    [
      'no version',
      makeAr([
        ['control.tar', tar],
        ['data.tar', tar],
      ]),
      'untrusted.malformed',
    ],
    [
      'another version',
      makeAr([
        ['debian-binary', Buffer.from('3.0\n')],
        ['control.tar', tar],
        ['data.tar', tar],
      ]),
      'untrusted.unsupported',
    ],
    [
      'data that is no archive',
      makeAr([version, ['control.tar', tar], ['data.tar', Buffer.alloc(700, 'x')]]),
      'untrusted.malformed',
    ],
    [
      'data that ends too early',
      makeAr([
        version,
        ['control.tar', tar],
        ['data.tar', makeTar([{ name: 'a', content: 'x'.repeat(2000) }]).subarray(0, 1024)],
      ]),
      'untrusted.truncated',
    ],
    [
      'other compression than its name says',
      makeAr([version, ['control.tar.gz', tar], ['data.tar', tar]]),
      'untrusted.malformed',
    ],
  ] as const)('refuses a package with %s', async (_, deb, code) => {
    await expect(read(deb)).rejects.toMatchObject({ code, exitCode: 4 });
  });

  it('gives files or one of our errors for a package cut or changed anywhere', async () => {
    const deb = makeDeb({ control, files: everything });
    await fc.assert(
      fc.asyncProperty(fc.nat(deb.length - 1), fc.nat(255), fc.boolean(), async (at, by, cut) => {
        const bytes = Buffer.from(deb);
        bytes[at] = by;
        const outcome: unknown = await read(cut ? bytes.subarray(0, at) : bytes).catch((error: unknown) => error);
        expect(isCinzelError(outcome) || 'files' in (outcome as DebContent)).toBe(true);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});
