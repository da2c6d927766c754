import { CinzelError } from '../../core/errors.ts';
import { gzipMember } from '../../formats/gzip-member.ts';
import { type DebFile, readTar } from '../apt/read-deb.ts';
import { type ApkKey, signatureOf, verifyingKey } from './keys.ts';

/** A signed index, opened. */
export interface SignedIndex {
  /** The text of APKINDEX. */
  readonly index: Uint8Array;
  /** What the repository says it is. */
  readonly description: string;
  readonly key: ApkKey;
}

const signatureBytes = 1024 ** 2;
/** Well over the largest that there is. */
const indexBytes = 1024 ** 3;

/**
 * Opens an APKINDEX.tar.gz: a gzip member with the signatures, then what they sign. Nothing of the rest is decompressed
 * before a signature holds. Throws `untrusted.*`.
 */
export function openSignedIndex(
  bytes: Buffer,
  {
    keys,
    what,
    maxBytes = indexBytes,
  }: { readonly keys: readonly ApkKey[]; readonly what: string; readonly maxBytes?: number },
): SignedIndex {
  const { plain, end } = gzipMember(bytes, 0, { maxBytes: signatureBytes, what });
  const signatures = readTar(plain, what).flatMap(({ header, content }) => signatureOf(header.name, content) ?? []);
  const signed = bytes.subarray(end);
  const key = verifyingKey(signed, signatures, { keys, what });
  const files = new Map(
    readTar(plainMembers(signed, { maxBytes, what }), what).map((file) => [file.header.name, file]),
  );
  const index = files.get('APKINDEX');
  if (index === undefined)
    throw new CinzelError('untrusted.malformed', { what, problem: { kind: 'lacks', what: 'APKINDEX' } });
  return { index: index.content, description: textOf(files.get('DESCRIPTION')), key };
}

/** All gzip members of a file, one after the other. */
export function plainMembers(
  bytes: Buffer,
  { maxBytes, what }: { readonly maxBytes: number; readonly what: string },
): Buffer {
  const parts: Buffer[] = [];
  let left = maxBytes;
  for (let at = 0; at < bytes.length; ) {
    const { plain, end } = gzipMember(bytes, at, { maxBytes: Math.max(1, left), what });
    parts.push(plain);
    left -= plain.length;
    at = end;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

function textOf(file: DebFile | undefined): string {
  return Buffer.from(file?.content ?? '')
    .toString('utf8')
    .trim();
}
