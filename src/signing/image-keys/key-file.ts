import type { KeyObject } from 'node:crypto';

/** A file that holds a key. */
export interface KeyFile {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly path: string;
  /** Of an encrypted key. */
  readonly password?: string;
}

const kinds: readonly (string | undefined)[] = ['ec', 'rsa', 'ed25519'];

/** Whether images can be signed, or their signatures verified, with a key of this kind. */
export function isKnownKind(key: KeyObject): boolean {
  return kinds.includes(key.asymmetricKeyType);
}
