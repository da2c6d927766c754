import { CinzelError } from '../../core/errors.ts';
import type { Subject } from '../../core/subjects.ts';
import type { ArchiveKey } from '../../signing/archive-key.ts';
import { type SignedDocument, verifyClearSigned, verifyDetached } from '../../signing/openpgp.ts';
import { type FetchIo, fetchFile } from './fetch-file.ts';

export interface SignedReleaseOptions {
  /** Base address. */
  readonly archive: string;
  /** For messages. */
  readonly what: Subject;
  readonly io: FetchIo;
  readonly keys: readonly ArchiveKey[];
  readonly now: Date;
}

/** Debian's have 200 KB, signatures 3. */
const releaseBytes = 16 * 1024 ** 2;

/**
 * The verified text of a suite's release file: of `InRelease`, or of `Release` and the signature beside it where an
 * archive has only these. Undefined when it has neither. Throws `untrusted.signature`.
 */
export async function fetchSignedRelease(
  folder: string,
  options: SignedReleaseOptions,
): Promise<SignedDocument | undefined> {
  const clearSigned = await readSmall(`${folder}/InRelease`, options);
  if (clearSigned !== undefined) return verifyClearSigned(clearSigned, options);
  const release = await readSmall(`${folder}/Release`, options);
  if (release === undefined) return undefined;
  const signature = await readSmall(`${folder}/Release.gpg`, options);
  if (signature !== undefined) return verifyDetached(release, signature, options);
  throw new CinzelError('untrusted.signature', { what: options.what, problem: 'unsigned' });
}

async function readSmall(path: string, { archive, io }: SignedReleaseOptions): Promise<Uint8Array | undefined> {
  const file = await fetchFile(archive, path, io);
  if (file === undefined) return undefined;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of file.body) {
    size += part.length;
    if (size > releaseBytes)
      throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: releaseBytes, what: path });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
