import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CinzelError } from '../../core/errors.ts';
import { isKnownKind, type KeyFile } from './key-file.ts';
import { findPem } from './pem.ts';

/** Says whether a signature of bytes is of one key. */
export type Verifier = (data: Uint8Array, signature: Uint8Array) => boolean;

/** Reads a public key in PEM (SubjectPublicKeyInfo), as `cosign.pub` is. Throws `usage.key`. */
export function readVerifier({ bytes, path }: KeyFile): Verifier {
  const pem = findPem(Buffer.from(bytes).toString('latin1'), (label) => label.endsWith('PUBLIC KEY'));
  if (pem === undefined) throw new CinzelError('usage.key', { path, problem: 'no-public-key' });
  const key = publicKey(pem.text, path);
  if (!isKnownKind(key)) throw new CinzelError('usage.key', { path, problem: 'kind' });
  return verifierOf(key);
}

function publicKey(pem: string, path: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new CinzelError('usage.key', { path, problem: 'no-public-key' }, { cause });
  }
}

export function verifierOf(key: KeyObject): Verifier {
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return (data, signature) => {
    try {
      return verify(algorithm, data, key, signature);
    } catch {
      // Bytes that are no signature at all.
      return false;
    }
  };
}
