import type { Key, Subkey, VerifyMessageResult } from 'openpgp';
import { CinzelError } from '../core/errors.ts';
import { type Problem, said } from '../core/problems.ts';
import type { Subject } from '../core/subjects.ts';
import type { ArchiveKey } from './archive-key.ts';

/** A document that was signed, and by whom. */
export interface SignedDocument {
  /** What the signature covers, and nothing else of the file. */
  readonly text: string;
  readonly signature: Signature;
}

export interface Signature {
  /** Fingerprint of the primary key, upper-case hexadecimal. */
  readonly fingerprint: string;
  readonly keyName: string;
  readonly signedAt: Date;
}

export interface VerifyOptions {
  readonly keys: readonly ArchiveKey[];
  /** What is verified, for messages. */
  readonly what: Subject;
  /** The time at which key and signature must be valid. */
  readonly now: Date;
}

/**
 * Verifies a clear-signed document such as InRelease (RFC 4880 section 7). One good signature by a known key is
 * enough, as it is for apt. Throws `untrusted.signature`.
 */
export async function verifyClearSigned(document: Uint8Array, options: VerifyOptions): Promise<SignedDocument> {
  const openpgp = await import('openpgp');
  const verificationKeys = await readKeys(options.keys);
  const message = await attempt(options.what, () =>
    openpgp.readCleartextMessage({ cleartextMessage: Buffer.from(document).toString('utf8') }),
  );
  const { signatures } = await attempt(options.what, () =>
    openpgp.verify({ message, verificationKeys, date: options.now, config: weakHashes(openpgp) }),
  );
  return { text: message.getText(), signature: await goodSignature(signatures, verificationKeys, options) };
}

/** Verifies a document by an armoured signature beside it, as `Release.gpg` is. Throws `untrusted.signature`. */
export async function verifyDetached(
  document: Uint8Array,
  armored: Uint8Array,
  options: VerifyOptions,
): Promise<SignedDocument> {
  const openpgp = await import('openpgp');
  const verificationKeys = await readKeys(options.keys);
  const signature = await attempt(options.what, () =>
    openpgp.readSignature({ armoredSignature: Buffer.from(armored).toString('utf8') }),
  );
  const message = await openpgp.createMessage({ binary: document });
  const { signatures } = await attempt(options.what, () =>
    openpgp.verify({ message, signature, verificationKeys, date: options.now, config: weakHashes(openpgp) }),
  );
  return {
    text: Buffer.from(document).toString('utf8'),
    signature: await goodSignature(signatures, verificationKeys, options),
  };
}

/** MD5 and RIPEMD signed nothing that is still served; SHA-1 has been broken since (sha-mbles.github.io). */
function weakHashes({ enums }: typeof import('openpgp')): { readonly rejectMessageHashAlgorithms: Set<number> } {
  return { rejectMessageHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1]) };
}

async function readKeys(keys: readonly ArchiveKey[]): Promise<Key[]> {
  const { readKeys: read } = await import('openpgp');
  const binaryKeys = Buffer.concat(keys.map(({ data }) => Buffer.from(data, 'base64')));
  return read({ binaryKeys: Uint8Array.from(binaryKeys) });
}

async function goodSignature(
  signatures: VerifyMessageResult['signatures'],
  keys: readonly Key[],
  { what, keys: archiveKeys, now }: VerifyOptions,
): Promise<Signature> {
  const problems: Problem[] = [];
  for (const { verified, signature, keyID } of signatures) {
    try {
      await verified;
      const key = keys.find((candidate) => candidate.getKeys(keyID).length > 0);
      await checkExpiry([key, ...(key?.getKeys(keyID) ?? [])], now);
      const fingerprint = key?.getFingerprint().toUpperCase() ?? '';
      const [packet] = (await signature).packets;
      const keyName = archiveKeys.find((archiveKey) => archiveKey.fingerprint === fingerprint)?.name ?? '';
      return { fingerprint, keyName, signedAt: packet?.created ?? new Date(0) };
    } catch (error) {
      problems.push(describe(error, keyID.toHex()));
    }
  }
  throw new CinzelError('untrusted.signature', { what, problem: problems[0] ?? 'unsigned' });
}

/** The library asks whether a key was valid when it signed, which whoever has the key decides; GnuPG asks about now. */
async function checkExpiry(keys: readonly (Key | Subkey | undefined)[], now: Date): Promise<void> {
  for (const key of keys) {
    const expires = await key?.getExpirationTime();
    if (expires instanceof Date && expires.getTime() <= now.getTime()) throw new Error('the key has expired');
  }
}

function describe(error: unknown, keyId: string): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (/could not find/i.test(message)) return { kind: 'unknown-key-id', key: keyId.toUpperCase() };
  if (/expired/i.test(message)) return { kind: 'expired-key', key: keyId.toUpperCase() };
  if (/digest did not match/i.test(message)) return 'signature-mismatch';
  return said(message.replace(/^Error verifying signature: /, '').toLowerCase());
}

async function attempt<Result>(what: Subject, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const isOther = /armored text|cleartext signed message/i.test(message);
    throw new CinzelError('untrusted.signature', { what, problem: isOther ? 'unsigned' : said(message) }, { cause });
  }
}
