import { type Digest, digestAlgorithm, hashFor } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';
import type { Descriptor } from './model.ts';

/** Throws `untrusted.truncated`, `untrusted.size` or `untrusted.digest` unless the bytes are what the descriptor says. */
export function verifyBytes(bytes: Uint8Array, descriptor: Descriptor, what: Subject): void {
  check(descriptor, bytes.length, digestLike(descriptor.digest, bytes), what);
}

/** The same bytes, checked against the descriptor as they go by; the error comes at the end, or at the first byte too many. */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  descriptor: Descriptor,
  what: Subject,
): AsyncGenerator<Uint8Array> {
  const hash = hashFor(descriptor.digest);
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > descriptor.size)
      throw new CinzelError('untrusted.size', { what, expected: descriptor.size, actual: size });
    hash.update(chunk);
    yield chunk;
  }
  check(descriptor, size, `${digestAlgorithm(descriptor.digest)}:${hash.digest('hex')}` as Digest, what);
}

/** The digest of the bytes, by the algorithm of another digest. */
function digestLike(model: Digest, bytes: Uint8Array): Digest {
  return `${digestAlgorithm(model)}:${hashFor(model).update(bytes).digest('hex')}` as Digest;
}

function check(descriptor: Descriptor, size: number, digest: Digest, what: Subject): void {
  if (size < descriptor.size) throw new CinzelError('untrusted.truncated', { what });
  if (size > descriptor.size)
    throw new CinzelError('untrusted.size', { what, expected: descriptor.size, actual: size });
  if (digest !== descriptor.digest)
    throw new CinzelError('untrusted.digest', { what, expected: descriptor.digest, actual: digest });
}
