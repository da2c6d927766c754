import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CinzelError } from '../../core/errors.ts';
import { cosignKey } from '../testing/cosign-key.ts';
import { readSigner, type Signer } from './signer.ts';
import { readVerifier, verifierOf } from './verifier.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

function openssl(...words: readonly string[]): string {
  return execFileSync('openssl', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function open(text: string, password?: string): Promise<Signer> {
  const file = { bytes: Buffer.from(text), path: 'the.key' };
  return readSigner(password === undefined ? file : { ...file, password });
}

async function problemOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CinzelError);
  const { exitCode, parameters } = error as CinzelError<'usage.key'>;
  expect(exitCode).toBe(2);
  return parameters.problem;
}

const data = Buffer.from('what is signed');

describe('signing', () => {
  it.each([
    ['a key of a curve', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ['the same in SEC 1', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout']],
    ['RSA', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ])('openssl verifies what %s signs', async (_, words) => {
    const pem = openssl(...words);
    writeFileSync(join(folder, 'key.pem'), pem);
    openssl('pkey', '-in', 'key.pem', '-pubout', '-out', 'pub.pem');
    const signer = await open(pem);
    const signature = signer.sign(data);
    expect(signer.sign(data)).toEqual(signature);
    writeFileSync(join(folder, 'data'), data);
    writeFileSync(join(folder, 'signature'), signature);
    const verify = ['dgst', '-sha256', '-verify', 'pub.pem', '-signature', 'signature', 'data'];
    expect(openssl(...verify)).toContain('Verified OK');
    expect(verifierOf(signer.publicKey)(data, signature)).toBe(true);
    writeFileSync(join(folder, 'data'), 'something else');
    expect(() => openssl(...verify)).toThrow();
  });

  it('takes what openssl signed, and nothing that was changed', () => {
    writeFileSync(join(folder, 'key.pem'), openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout'));
    writeFileSync(join(folder, 'data'), data);
    openssl('dgst', '-sha256', '-sign', 'key.pem', '-out', 'signature', 'data');
    const verifier = readVerifier({
      bytes: Buffer.from(openssl('pkey', '-in', 'key.pem', '-pubout')),
      path: 'the.pub',
    });
    const signature = readFileSync(join(folder, 'signature'));
    expect(verifier(data, signature)).toBe(true);
    expect(verifier(Buffer.from('what is signeD'), signature)).toBe(false);
    for (const bad of ['', 'no signature', signature.subarray(1)]) expect(verifier(data, Buffer.from(bad))).toBe(false);
  });
});

describe('a key that cosign encrypted', () => {
  const { privateKey, publicKey, password } = cosignKey;

  it('is opened with its password, under either of its labels', async () => {
    for (const text of [privateKey, privateKey.replaceAll('SIGSTORE', 'COSIGN')]) {
      const signer = await open(text, password);
      expect(signer.publicKey.export({ format: 'pem', type: 'spki' })).toBe(publicKey);
    }
  });

  it('is refused with another password, with none, and when it is damaged', async () => {
    expect(await problemOf(open(privateKey, 'another'))).toBe('password');
    expect(await problemOf(open(privateKey))).toBe('no-password');
    for (const at of [120, 300, 500]) {
      const changed = privateKey[at] === 'A' ? 'B' : 'A';
      expect(await problemOf(open(privateKey.slice(0, at) + changed + privateKey.slice(at + 1), password))).toBe(
        'password',
      );
    }
  });

  it('asks for no more memory than cosign does', async () => {
    const document = JSON.parse(Buffer.from(privateKey.split('-----')[2] ?? '', 'base64').toString('utf8'));
    for (const N of [2 ** 30, 0, -1, 3]) {
      const costly = { ...document, kdf: { ...document.kdf, params: { N, r: 8, p: 1 } } };
      const body = Buffer.from(JSON.stringify(costly)).toString('base64');
      const label = 'ENCRYPTED SIGSTORE PRIVATE KEY';
      const text = `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
      expect(await problemOf(open(text, password))).toBe('password');
    }
  });
});

it('an encrypted PKCS #8 key needs its password', async () => {
  const words = [
    'genpkey',
    '-algorithm',
    'EC',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-aes256',
    '-pass',
    'pass:right',
  ];
  const pem = openssl(...words);
  expect(await problemOf(open(pem, 'wrong'))).toBe('password');
  expect(await problemOf(open(pem))).toBe('no-password');
  expect((await open(pem, 'right')).sign(data).length).toBeGreaterThan(60);
});

it('what is no key of the kind is refused', async () => {
  const p384 = openssl('ecparam', '-name', 'secp384r1', '-genkey', '-noout');
  expect(await problemOf(open(p384))).toBe('kind');
  expect(await problemOf(open(''))).toBe('no-private-key');
  expect(await problemOf(open(cosignKey.publicKey))).toBe('no-private-key');
  expect(await problemOf(open(p384.replace(/\n.{10}/, '\nAAAAAAAAAA')))).toBe('no-private-key');
  const read = async (text: string) => readVerifier({ bytes: Buffer.from(text), path: 'the.pub' });
  expect(await problemOf(read(p384))).toBe('no-public-key');
  expect(await problemOf(read(cosignKey.publicKey.replace('MFk', 'AAA')))).toBe('no-public-key');
});
