import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { isMissing } from '../versions/testing/oracle.ts';
import type { ArchiveKey } from './archive-key.ts';
import { debianKeys } from './keys/debian.ts';
import { verifyClearSigned, verifyDetached } from './openpgp.ts';
import { clearSign, detachSign, makeSigningKey } from './testing/signing-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-openpgp-'));
afterAll(() => rmSync(folder, { recursive: true }));

const signedAt = new Date('2024-06-01T00:00:00Z');
const now = new Date();
const text = 'Origin: Test\nSuite: stable\n- dashed\nSHA256:\n 00 1 main\n';
const known = await makeSigningKey({ name: 'Known' });
const other = await makeSigningKey({ name: 'Other' });
const expired = await makeSigningKey({ name: 'Expired', expiresAfter: 180 * 86_400 });
const signed = Buffer.from(await clearSign(text, [known], signedAt)).toString();
const signedByOther = Buffer.from(await clearSign(text, [other], signedAt)).toString();

interface Verdict {
  readonly good: boolean;
  readonly text?: string;
}

async function ours(document: string | Uint8Array, keys: readonly ArchiveKey[]): Promise<Verdict> {
  try {
    const verified = await verifyClearSigned(Buffer.from(document), { keys, what: 'InRelease', now });
    return { good: true, text: verified.text };
  } catch (error) {
    expect(isCinzelError(error, 'untrusted.signature')).toBe(true);
    return { good: false };
  }
}

/** GnuPG ends with an error when one of several signatures is by an unknown key, so that its status lines count. */
function gnupg(files: readonly Uint8Array[], keys: readonly ArchiveKey[]): Verdict {
  const keyring = join(folder, 'keyring.gpg');
  writeFileSync(keyring, Buffer.concat(keys.map(({ data }) => Buffer.from(data, 'base64'))));
  const paths = files.map((content, index) => {
    writeFileSync(join(folder, `file-${index}`), content);
    return join(folder, `file-${index}`);
  });
  const output = paths.length === 1 ? ['--output', '-'] : [];
  const { stdout, stderr } = spawnSync('gpgv', ['--status-fd', '2', '--keyring', keyring, ...output, ...paths], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return /^\[GNUPG:\] GOODSIG /m.test(stderr) ? { good: true, text: stdout } : { good: false };
}

const documents: readonly (readonly [string, string, boolean])[] = [
  ['a good signature', signed, true],
  ['a known and an unknown key', Buffer.from(await clearSign(text, [other, known], signedAt)).toString(), true],
  ['an unknown key', signedByOther, false],
  ['an expired key', Buffer.from(await clearSign(text, [expired], signedAt)).toString(), false],
  ['no signature', text, false],
  ['a changed text', signed.replace('stable', 'sid'), false],
  ['an added line', signed.replace('SHA256:', 'Suite: sid\nSHA256:'), false],
  ['spaces at the end of a line', signed.replace('stable\n', 'stable  \n'), true],
  ['lines that end as on Windows', signed.replaceAll('\n', '\r\n'), true],
  ['a signature of another text', swapSignature(signed, await clearSign('x\n', [known], signedAt)), false],
  ['nothing', '', false],
];

function swapSignature(document: string, donor: Uint8Array): string {
  const mark = '-----BEGIN PGP SIGNATURE-----';
  const theirs = Buffer.from(donor).toString();
  return document.slice(0, document.indexOf(mark)) + theirs.slice(theirs.indexOf(mark));
}

const trusted = [known.publicKey, expired.publicKey];

describe('verifyClearSigned', () => {
  it.each(documents)('decides on %s', async (_, document, good) => {
    expect((await ours(document, trusted)).good).toBe(good);
  });

  it.skipIf(isMissing('gpgv', '--version')).each(documents)('agrees with GnuPG on %s', async (_, document) => {
    const theirs = gnupg([Buffer.from(document)], trusted);
    expect(trimmed(await ours(document, trusted))).toEqual(trimmed(theirs));
  });

  it('names the key and the time', async () => {
    const { signature } = await verifyClearSigned(Buffer.from(signed), { keys: trusted, what: 'x', now });
    expect(signature).toEqual({ fingerprint: known.publicKey.fingerprint, keyName: 'Known', signedAt });
  });

  it.each([
    ['before', `Suite: sid\n\n${signed}`],
    ['after', `${signed}\nSuite: sid\n`],
    ['after, in an unsigned message', `${signed}\n${signed.replace('stable', 'sid')}`],
    ['after, in a message that another key signed', `${signed}\n${signedByOther.replace('stable', 'sid')}`],
  ])('takes nothing that stands %s', async (_, document) => {
    const verdict = await ours(document, trusted);
    expect(verdict.text ?? '').not.toContain('sid');
  });

  it.each([
    ['whose key is not known', signedByOther, { kind: 'unknown-key-id' }],
    ['whose key has expired', documents[3]?.[1] ?? '', { kind: 'expired-key' }],
    ['that does not fit', signed.replace('stable', 'sid'), 'signature-mismatch'],
  ])('says what is wrong with a signature %s', async (_, document, problem) => {
    const check = verifyClearSigned(Buffer.from(document), { keys: trusted, what: 'InRelease', now });
    await expect(check).rejects.toMatchObject({
      code: 'untrusted.signature',
      parameters: { what: 'InRelease', problem },
    });
  });

  it('takes the signature of a key that has expired since, when it is asked about that time', async () => {
    const document = await clearSign(text, [expired], signedAt);
    const check = verifyClearSigned(document, { keys: trusted, what: 'x', now: signedAt });
    expect((await check).signature.keyName).toBe('Expired');
  });

  it('accepts no document that was cut or changed in one place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(signed.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, by, cut) => {
          const bytes = Buffer.from(signed);
          bytes[at] = (bytes[at] ?? 0) ^ by;
          const verdict = await ours(cut ? signed.slice(0, at) : bytes, trusted);
          expect(verdict.text === undefined || verdict.text.trimEnd() === text.trimEnd()).toBe(true);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  it.skipIf(isMissing('gpgv', '--version') || hostIndexes().length === 0)(
    "agrees with GnuPG on the host's own indexes",
    async () => {
      for (const path of hostIndexes()) {
        const document = readFileSync(path);
        const verdict = await ours(document, debianKeys);
        expect({ path, ...trimmed(verdict) }).toEqual({ path, ...trimmed(gnupg([document], debianKeys)) });
      }
    },
  );
});

/** Space at the ends of lines and the last newline are no part of a clear-signed text (RFC 4880 7.1). */
function trimmed({ good, text: verified }: Verdict): Verdict {
  return { good, ...(verified === undefined ? {} : { text: verified.replace(/[ \t\r]+$/gm, '').trimEnd() }) };
}

function hostIndexes(): readonly string[] {
  const lists = '/var/lib/apt/lists';
  if (!existsSync(lists)) return [];
  return readdirSync(lists)
    .filter((name) => /debian.*_InRelease$/.test(name))
    .map((name) => join(lists, name));
}

describe('verifyDetached', () => {
  const cases = [
    ['a good signature', text, [known], true],
    ['a known and an unknown key', text, [other, known], true],
    ['an unknown key', text, [other], false],
    ['an expired key', text, [expired], false],
    ['a changed text', text.replace('stable', 'sid'), [known], false],
  ] as const;

  it.each(cases)('decides on %s', async (_, document, keys, good) => {
    const signature = await detachSign(text, keys, signedAt);
    const check = verifyDetached(Buffer.from(document), signature, { keys: trusted, what: 'Release', now });
    const outcome = await check.catch((error: unknown) => error);
    if (good) expect(outcome).toMatchObject({ text: document, signature: { keyName: 'Known' } });
    else expect(isCinzelError(outcome, 'untrusted.signature')).toBe(true);
    if (!isMissing('gpgv', '--version')) expect(gnupg([signature, Buffer.from(document)], trusted).good).toBe(good);
  });

  it.each(['', 'garbage', '-----BEGIN PGP SIGNATURE-----\n\n'])('refuses the signature %j', async (signature) => {
    const check = verifyDetached(Buffer.from(text), Buffer.from(signature), { keys: trusted, what: 'Release', now });
    await expect(check).rejects.toMatchObject({ code: 'untrusted.signature' });
  });
});
