import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CinzelError } from '../../core/errors.ts';
import type { Problem } from '../../core/problems.ts';

/** A public key that may sign indexes, by the name that signatures call it. */
export interface ApkKey {
  /** Name of its file: `alpine-devel@example.org-1234.rsa.pub`. */
  readonly name: string;
  /** SHA-256 of the key as DER (SubjectPublicKeyInfo), hexadecimal. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}

/** Shorter keys have been broken. */
const leastBits = 2048;

/** Reads a public key as PEM. Throws `untrusted.malformed` for anything else than an RSA key of 2048 bits or more. */
export function readApkKey(bytes: Uint8Array, name: string): ApkKey {
  const fault = (problem: Problem): CinzelError => new CinzelError('untrusted.malformed', { what: name, problem });
  let key: KeyObject;
  try {
    key = createPublicKey(Buffer.from(bytes));
  } catch {
    throw fault('no-pem-key');
  }
  if (key.asymmetricKeyType !== 'rsa') throw fault('no-rsa-key');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < leastBits) throw fault('short-key');
  const der = key.export({ type: 'spki', format: 'der' });
  return { name, fingerprint: createHash('sha256').update(der).digest('hex'), key };
}

const algorithms: Readonly<Record<string, string>> = { RSA: 'sha1', RSA256: 'sha256', RSA512: 'sha512' };

export interface ApkSignature {
  readonly algorithm: string;
  readonly keyName: string;
  readonly bytes: Uint8Array;
}

/** Understands the name of a signature in the archive that holds it: `.SIGN.RSA256.NAME`. */
export function signatureOf(name: string, bytes: Uint8Array): ApkSignature | undefined {
  const [, kind = '', keyName = ''] = /^\.SIGN\.([A-Z0-9]+)\.([^/]+)$/.exec(name) ?? [];
  const algorithm = algorithms[kind];
  return algorithm === undefined ? undefined : { algorithm, keyName, bytes };
}

/**
 * The key whose signature holds; one is enough, by a key of that name. Throws `untrusted.signature`: no key of ours, or
 * no good signature.
 */
export function verifyingKey(
  signed: Uint8Array,
  signatures: readonly ApkSignature[],
  { keys, what }: { readonly keys: readonly ApkKey[]; readonly what: string },
): ApkKey {
  const tried = signatures.flatMap((signature) =>
    keys.filter(({ name }) => name === signature.keyName).map((key) => ({ signature, key })),
  );
  const good = tried.find(({ signature, key }) => verify(signature.algorithm, signed, key.key, signature.bytes));
  if (good !== undefined) return good.key;
  const names = [...new Set(signatures.map(({ keyName }) => keyName))].join(', ');
  const problem: Problem =
    signatures.length === 0
      ? 'unsigned'
      : tried.length === 0
        ? { kind: 'no-key-called', names }
        : { kind: 'not-signed-by', names };
  throw new CinzelError('untrusted.signature', { what, problem });
}
