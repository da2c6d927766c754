import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { CinzelError } from '../../core/errors.ts';
import { cosignLabels, decryptCosignKey } from './cosign-key.ts';
import { isKnownKind, type KeyFile } from './key-file.ts';
import { findPem } from './pem.ts';

/** Signs bytes as cosign does: SHA-256, and ECDSA in DER where the key is of a curve. */
export interface Signer {
  readonly publicKey: KeyObject;
  sign(data: Uint8Array): Uint8Array;
}

/**
 * Reads a private key: PKCS #8, encrypted or not, SEC 1, PKCS #1, or cosign's own form. Equal keys make equal signatures
 * of equal bytes (for ECDSA by RFC 6979), so that signing again changes nothing. Throws `usage.key`.
 */
export async function readSigner(file: KeyFile): Promise<Signer> {
  const key = await privateKey(file);
  if (!isKnownKind(key)) throw new CinzelError('usage.key', { path: file.path, problem: 'kind' });
  return { publicKey: createPublicKey(key), sign: await signing(key, file.path) };
}

async function privateKey({ bytes, path, password }: KeyFile): Promise<KeyObject> {
  const pem = findPem(Buffer.from(bytes).toString('latin1'), (label) => label.endsWith('PRIVATE KEY'));
  if (pem === undefined) throw new CinzelError('usage.key', { path, problem: 'no-private-key' });
  const isEncrypted = pem.label.startsWith('ENCRYPTED');
  if (isEncrypted && password === undefined) throw new CinzelError('usage.key', { path, problem: 'no-password' });
  try {
    if (!cosignLabels.includes(pem.label)) {
      return createPrivateKey({ key: pem.text, ...(password === undefined ? {} : { passphrase: password }) });
    }
    const der = await decryptCosignKey(pem.bytes, password ?? '');
    if (der === undefined) throw new CinzelError('usage.key', { path, problem: 'password' });
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    if (cause instanceof CinzelError) throw cause;
    throw new CinzelError('usage.key', { path, problem: isEncrypted ? 'password' : 'no-private-key' }, { cause });
  }
}

async function signing(key: KeyObject, path: string): Promise<Signer['sign']> {
  if (key.asymmetricKeyType === 'ed25519') return (data) => sign(null, data, key);
  if (key.asymmetricKeyType === 'rsa') return (data) => sign('sha256', data, key);
  const { d, crv } = key.export({ format: 'jwk' });
  if (crv !== 'P-256' || d === undefined) throw new CinzelError('usage.key', { path, problem: 'kind' });
  const { p256 } = await import('@noble/curves/nist.js');
  const secret = Buffer.from(d, 'base64url');
  return (data) => p256.sign(data, secret, { prehash: true, lowS: false, format: 'der' });
}
