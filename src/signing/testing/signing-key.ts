import type { PrivateKey } from 'openpgp';
import type { ArchiveKey } from '../archive-key.ts';

/** A generated key: its secret half signs, its public half is what archives are verified with. */
export interface SigningKey {
  readonly secret: PrivateKey;
  readonly publicKey: ArchiveKey;
}

export interface SigningKeyOptions {
  readonly name?: string;
  /** When it was made; 2024-01-01 unless given. */
  readonly date?: Date;
  /** Seconds after which it expires; never unless given. */
  readonly expiresAfter?: number;
}

/** Makes a key such as GnuPG 2.2 makes and reads (EdDSA, version 4). */
export async function makeSigningKey(options: SigningKeyOptions = {}): Promise<SigningKey> {
  const { name = 'Test Archive', date = new Date('2024-01-01T00:00:00Z'), expiresAfter = 0 } = options;
  const { generateKey } = await import('openpgp');
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name, email: 'archive@example.com' }],
    date,
    keyExpirationTime: expiresAfter,
    format: 'object',
  });
  const publicKey = privateKey.toPublic();
  return {
    secret: privateKey,
    publicKey: {
      fingerprint: publicKey.getFingerprint().toUpperCase(),
      name,
      data: Buffer.from(publicKey.write()).toString('base64'),
    },
  };
}

/** The text inside a clear-signed document, as InRelease has it, with one signature a key. */
export async function clearSign(text: string, keys: readonly SigningKey[], date: Date): Promise<Uint8Array> {
  const { createCleartextMessage, sign } = await import('openpgp');
  const message = await createCleartextMessage({ text });
  return Buffer.from(await sign({ message, signingKeys: keys.map(({ secret }) => secret), date }));
}

/** An armoured signature beside the text, as Release.gpg has it. */
export async function detachSign(text: string, keys: readonly SigningKey[], date: Date): Promise<Uint8Array> {
  const { createMessage, sign } = await import('openpgp');
  const message = await createMessage({ binary: Buffer.from(text) });
  const signingKeys = keys.map(({ secret }) => secret);
  return Buffer.from(await sign({ message, signingKeys, date, detached: true, format: 'armored' }));
}
