import { createHash } from 'node:crypto';
import { sha256 } from '../core/digest.ts';

/** The namespace for URIs (RFC 9562, section 6.6). */
const uriNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** A version 5 UUID (RFC 9562, section 5.5) of the content's SHA-256: equal content, equal UUID. */
export function contentUuid(content: string): string {
  const hash = createHash('sha1')
    .update(uriNamespace)
    .update(`urn:${sha256(content)}`)
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
