import { CinzelError } from '../core/errors.ts';
import type { ArchiveKey } from './archive-key.ts';

/** Reads the public keys of a file as GnuPG exports it, armoured or not. Throws `untrusted.malformed`. */
export async function readArchiveKeys(bytes: Uint8Array, what: string): Promise<readonly ArchiveKey[]> {
  const { readKeys } = await import('openpgp');
  const text = Buffer.from(bytes).toString('latin1');
  try {
    const isArmoured = text.trimStart().startsWith('-----BEGIN');
    const keys = await (isArmoured ? readKeys({ armoredKeys: text }) : readKeys({ binaryKeys: new Uint8Array(bytes) }));
    return keys.map((key) => ({
      fingerprint: key.getFingerprint().toUpperCase(),
      name: key.getUserIDs()[0] ?? what,
      data: Buffer.from(key.toPublic().write()).toString('base64'),
    }));
  } catch (cause) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'no-public-key' }, { cause });
  }
}
