import { createHash, type Hash } from 'node:crypto';

/** A content address: algorithm, colon, lower-case hexadecimal (OCI image specification, descriptor.md). */
export type Digest = `sha256:${string}` | `sha512:${string}`;

const pattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** Whether the text is a digest that we can verify. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && pattern.test(text);
}

/** The SHA-256 digest of bytes or UTF-8 text. */
export function sha256(data: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

/** The hexadecimal half of a digest, as OCI layouts name their blobs. */
export function digestHex(digest: Digest): string {
  return digest.slice(7);
}

export type DigestAlgorithm = 'sha256' | 'sha512';

export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512') ? 'sha512' : 'sha256';
}

/** An incremental hash that matches the algorithm of a digest. */
export function hashFor(digest: Digest): Hash {
  return createHash(digestAlgorithm(digest));
}
