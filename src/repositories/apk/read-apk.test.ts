import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CinzelError } from '../../core/errors.ts';
import { openApk, readApk } from './read-apk.ts';
import { type ApkFile, makeApk, makeApkKey, makeTar, signatureMember } from './testing/make-apk.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-apk-'));
afterAll(() => rmSync(folder, { recursive: true }));

const key = makeApkKey();
const files: readonly ApkFile[] = [
  { name: 'bin', type: 'directory' },
  { name: 'bin/tool', content: 'run', mode: 0o755 },
  { name: 'bin/again', type: 'hardlink', link: 'bin/tool' },
  { name: 'bin/link', type: 'symlink', link: '/bin/tool' },
];
const { bytes: good, stanza } = makeApk(
  { name: 'tool', version: '1-r0', files, scripts: { '.post-install': '#!/bin/sh' } },
  key,
);
const checksum = /^C:(.*)$/m.exec(stanza)?.[1] ?? '';
const what = 'tool.apk';

function contentOf(bytes: Buffer, maxBytes?: number) {
  return readApk(openApk(bytes, { what, checksum, ...(maxBytes === undefined ? {} : { maxBytes }) }), what);
}

function codeOf(bytes: Buffer, maxBytes?: number): string {
  try {
    contentOf(bytes, maxBytes);
    return 'read';
  } catch (error) {
    return error instanceof CinzelError ? error.code : String(error);
  }
}

/** A package with these files in its data, as its control member says. */
function withFiles(own: readonly ApkFile[]): Buffer {
  return makeApk({ name: 'tool', version: '1-r0', files: own }, key).bytes;
}

describe('a package', () => {
  it('is read with its files, its control files and its checksum', () => {
    const { control, files: found } = contentOf(good);
    expect([...control.keys()]).toEqual(['.PKGINFO', '.post-install']);
    expect(found.map(({ header: { name, mode } }) => [name, mode.toString(8)])).toEqual(
      [
        ['bin', '755'],
        ['bin/tool', '755'],
        ['bin/again', '644'],
        ['bin/link', '777'],
      ].map(([name, mode]) => [name, name === 'bin/link' ? '644' : mode]),
    );
    expect(openApk(good, { what, checksum }).checksum).toBe(checksum);
    expect(openApk(good, { what, checksum: 'Q2' }).checksum).toMatch(/^Q2.{43}=$/);
  });

  it('is the same to tar', () => {
    writeFileSync(join(folder, what), good);
    const listed = execFileSync('tar', ['-tzf', what, '--ignore-zeros', '--warning=no-unknown-keyword'], {
      cwd: folder,
      stdio: 'pipe',
    });
    expect(listed.toString().split('\n')).toEqual(expect.arrayContaining(['.PKGINFO', 'bin/tool', 'bin/link']));
  });

  it('needs no signature, as the index names its checksum', () => {
    const signature = signatureMember(Buffer.from(''), key);
    expect(good.subarray(0, 2)).toEqual(signature.subarray(0, 2));
    const control = gzipSync(
      makeTar([{ name: '.PKGINFO', content: `datahash = ${createHash('sha256').update('').digest('hex')}\n` }], {
        end: false,
        checksums: false,
      }),
    );
    expect(codeOf(control)).toBe('read');
  });

  it.each<[string, Buffer, string]>([
    ['with other data than it says', Buffer.concat([good, gzipSync('x')]), 'untrusted.digest'],
    ['cut in its data', good.subarray(0, -3), 'untrusted.digest'],
    ['cut in its control member', good.subarray(0, 700), 'untrusted.truncated'],
    ['empty', Buffer.alloc(0), 'untrusted.truncated'],
    ['of version 3', Buffer.from('ADBd.............................'), 'untrusted.malformed'],
    ['without .PKGINFO', gzipSync(makeTar([{ name: 'x' }], { end: true, checksums: false })), 'untrusted.malformed'],
    ['with a path that leaves the root', withFiles([{ name: '../etc/passwd', content: 'x' }]), 'untrusted.malformed'],
    [
      'with a file below a link',
      withFiles([
        { name: 'a', type: 'symlink', link: '/etc' },
        { name: 'a/b', content: 'x' },
      ]),
      'untrusted.malformed',
    ],
    [
      'with a hard link out of it',
      withFiles([{ name: 'a', type: 'hardlink', link: '../../etc/shadow' }]),
      'untrusted.malformed',
    ],
    [
      'with a file that is not its checksum',
      withFiles([{ name: 'a', content: 'x', checksum: '0'.repeat(40) }]),
      'untrusted.digest',
    ],
    [
      'with a link that is not its checksum',
      withFiles([{ name: 'a', type: 'symlink', link: 'b', checksum: '0'.repeat(40) }]),
      'untrusted.digest',
    ],
  ])('%s is refused', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('that decompresses to too much is refused', () => {
    expect(codeOf(withFiles([{ name: 'a', content: Buffer.alloc(1024 ** 2) }]), 100_000)).toBe('untrusted.limit');
  });

  it('changed or cut anywhere is a fault of ours, or has another checksum, or the same files', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, change) => {
        const bytes = change === 0 ? good.subarray(0, at) : Buffer.from(good);
        if (change > 0) bytes.writeUInt8((bytes[at] ?? 0) ^ change, at);
        const code = codeOf(bytes);
        return code === 'read' || code.startsWith('untrusted.');
      }),
      { numRuns: 400, interruptAfterTimeLimit: 20_000 },
    );
  });
});
