import { scrypt } from 'node:crypto';
import { asNumber, asObject, asString, type JsonObject, parseJson } from '../../core/json.ts';

/** The PEM labels under which cosign keeps its private keys, now and before. */
export const cosignLabels: readonly string[] = ['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY'];

/** Memory that the derivation of a key may take; cosign's own needs 64 MB. */
const derivationBytes = 512 * 1024 ** 2;

/**
 * A private key as cosign encrypts it (securesystemslib's `encrypted` format: scrypt, then NaCl's secretbox): the DER of
 * its PKCS #8 form. Undefined when the password is not its own, or the document is no such key.
 */
export async function decryptCosignKey(document: Uint8Array, password: string): Promise<Uint8Array | undefined> {
  const box = readBox(document);
  if (box === undefined) return undefined;
  const { xsalsa20poly1305 } = await import('@noble/ciphers/salsa.js');
  const key = await derive(password, box);
  try {
    return key && xsalsa20poly1305(key, box.nonce).decrypt(box.ciphertext);
  } catch {
    // The tag does not fit: another password, or a damaged file.
    return undefined;
  }
}

interface EncryptedKey {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

function readBox(document: Uint8Array): EncryptedKey | undefined {
  const box = jsonOrNothing(document);
  const kdf = asObject(box?.['kdf']);
  const cipher = asObject(box?.['cipher']);
  const params = asObject(kdf?.['params']);
  if (asString(kdf?.['name']) !== 'scrypt' || asString(cipher?.['name']) !== 'nacl/secretbox') return undefined;
  const nonce = bytesOf(cipher?.['nonce']);
  if (nonce.length !== 24) return undefined;
  return {
    cost: { N: asNumber(params?.['N']) ?? 0, r: asNumber(params?.['r']) ?? 0, p: asNumber(params?.['p']) ?? 0 },
    salt: bytesOf(kdf?.['salt']),
    nonce,
    ciphertext: bytesOf(box?.['ciphertext']),
  };
}

function jsonOrNothing(document: Uint8Array): JsonObject | undefined {
  try {
    return asObject(parseJson(document, 'key'));
  } catch {
    return undefined;
  }
}

function bytesOf(value: JsonObject[string]): Buffer {
  return Buffer.from(asString(value) ?? '', 'base64');
}

/** Undefined for costs that are none, or beyond what a key of cosign's has. */
function derive(password: string, { cost, salt }: EncryptedKey): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    try {
      scrypt(password, salt, 32, { ...cost, maxmem: derivationBytes }, (error, key) =>
        resolve(error === null ? key : undefined),
      );
    } catch {
      resolve(undefined);
    }
  });
}
