import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CinzelError } from '../../core/errors.ts';
import { readApkKey } from './keys.ts';
import { parseApkIndex } from './packages-index.ts';
import { openSignedIndex } from './signed-index.ts';
import { mainRepository } from './testing/apk-packages.ts';
import { makeApkKey, makeTar, signatureMember, signedIndexOf } from './testing/make-apk.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-apk-index-'));
const key = makeApkKey();
const other = makeApkKey();
const keys = [readApkKey(Buffer.from(key.publicKey), key.name)];
const what = 'APKINDEX.tar.gz';
const text = `C:Q1${'A'.repeat(27)}=\nP:a\nV:1-r0\nA:x86_64\nS:10\nD:so:x !b\n`;

afterAll(() => rmSync(folder, { recursive: true }));

function codeOf(bytes: Buffer, maxBytes?: number): string {
  try {
    openSignedIndex(bytes, { keys, what, ...(maxBytes === undefined ? {} : { maxBytes }) });
    return 'opened';
  } catch (error) {
    return error instanceof CinzelError ? error.code : String(error);
  }
}

describe('a signed index', () => {
  it.each(['RSA', 'RSA256'] as const)('is opened when its %s signature holds', (kind) => {
    const { index, description, key: signer } = openSignedIndex(signedIndexOf(text, key, kind), { keys, what });
    expect(Buffer.from(index).toString()).toBe(text);
    expect(description).toBe('test 1');
    expect(signer.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is opened when openssl, tar and gzip made it', () => {
    const run = (command: string): Buffer => execFileSync('bash', ['-ec', command], { cwd: folder, stdio: 'pipe' });
    writeFileSync(join(folder, 'APKINDEX'), text);
    writeFileSync(join(folder, 'DESCRIPTION'), 'by tools');
    run('openssl genrsa -out key 4096; openssl rsa -in key -pubout -out tools.rsa.pub');
    run(
      'tar -cf - DESCRIPTION APKINDEX | gzip -9n > index.gz; openssl dgst -sha1 -sign key -out .SIGN.RSA.tools.rsa.pub index.gz',
    );
    run('tar -cf - .SIGN.RSA.tools.rsa.pub | gzip -9 > sign.gz; cat sign.gz index.gz > APKINDEX.tar.gz');
    const own = readApkKey(readFileSync(join(folder, 'tools.rsa.pub')), 'tools.rsa.pub');
    const opened = openSignedIndex(readFileSync(join(folder, 'APKINDEX.tar.gz')), { keys: [...keys, own], what });
    expect(opened).toMatchObject({ description: 'by tools', key: { name: 'tools.rsa.pub' } });
    expect(parseApkIndex(opened.index, mainRepository, what)).toMatchObject([{ name: 'a', version: '1-r0', size: 10 }]);
  });

  it('made for tests is good for openssl too', () => {
    const signed = Buffer.from('anything');
    const member = signatureMember(signed, key);
    writeFileSync(join(folder, 'member.tar.gz'), member);
    writeFileSync(join(folder, 'signed'), signed);
    writeFileSync(join(folder, 'pub'), key.publicKey);
    const command = `tar -xzOf member.tar.gz .SIGN.RSA.${key.name} > sig; openssl dgst -sha1 -verify pub -signature sig signed`;
    expect(execFileSync('bash', ['-c', command], { cwd: folder, stdio: 'pipe' }).toString()).toContain('Verified OK');
  });

  const good = signedIndexOf(text, key);
  it.each<[string, Buffer, string]>([
    [
      'signed with another key of the same name',
      signedIndexOf(text, { ...other, name: key.name }),
      'untrusted.signature',
    ],
    [
      'signed with a key that is not known',
      signedIndexOf(text, { ...other, name: 'else.rsa.pub' }),
      'untrusted.signature',
    ],
    [
      'not signed',
      gzipSync(makeTar([{ name: 'APKINDEX', content: text }], { end: true, checksums: false })),
      'untrusted.signature',
    ],
    ['with more after the signed part', Buffer.concat([good, gzipSync('more')]), 'untrusted.signature'],
    ['empty', Buffer.alloc(0), 'untrusted.truncated'],
    ['cut', good.subarray(0, -1), 'untrusted.signature'],
    ['cut in the signature', good.subarray(0, 40), 'untrusted.truncated'],
    ['no gzip', Buffer.from('<!doctype html><title>Sign in</title>'), 'untrusted.malformed'],
  ])('%s is refused', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('that decompresses to too much is refused', () => {
    expect(codeOf(signedIndexOf('\n'.repeat(100_000), key), 50_000)).toBe('untrusted.limit');
    const bomb = gzipSync(Buffer.alloc(8 * 1024 ** 2));
    expect(codeOf(Buffer.concat([bomb, good]))).toBe('untrusted.limit');
  });

  it('changed anywhere is refused, and never anything but a fault of ours', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(good);
        bytes.writeUInt8((bytes[at] ?? 0) ^ change, at);
        const code = codeOf(bytes);
        // Header and padding of the signature's own archive are not signed.
        return code.startsWith('untrusted.') || (code === 'opened' && at < good.length - gzipSync('').length);
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000 },
    );
  });

  it.each(['P:../a', 'P:', 'V:1/2', 'S:-1', 'C:Q1!'])('with an entry whose %s makes no sense is refused', (line) => {
    const changed = text.replace(new RegExp(`^${line.slice(0, 2)}.*$`, 'm'), line);
    expect(() => parseApkIndex(Buffer.from(changed), mainRepository, what)).toThrow(CinzelError);
  });
});

describe('a key', () => {
  it.each([
    ['text', 'no key'],
    ['a short key', makeApkKey('short', 1024).publicKey],
  ])('that is %s is refused', (_, pem) => {
    expect(() => readApkKey(Buffer.from(pem), 'x.rsa.pub')).toThrow(CinzelError);
  });
});
