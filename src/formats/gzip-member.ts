import { inflateRawSync } from 'node:zlib';
import { CinzelError } from '../core/errors.ts';
import { type Problem, said } from '../core/problems.ts';
import type { Subject } from '../core/subjects.ts';

/** One member of a gzip file. */
export interface GzipMember {
  readonly plain: Buffer;
  /** Where the next member begins. */
  readonly end: number;
}

const headerLength = 10;
const trailerLength = 8;
/** Bits of the header's flags (RFC 1952 2.3.1). */
const flags = { headerCrc: 2, extra: 4, name: 8, comment: 16 };

/**
 * Decompresses the member of a gzip file that begins at an offset, and says where it ends, which decompressors of whole
 * files do not tell. Throws `untrusted.malformed`, `untrusted.truncated`, and `untrusted.limit` past `maxBytes`.
 */
export function gzipMember(bytes: Buffer, start: number, { maxBytes, what }: MemberBounds): GzipMember {
  const body = bodyOffset(bytes, start, what);
  const { buffer: plain, engine } = inflate(bytes.subarray(body), { maxBytes, what });
  const end = body + engine.bytesWritten + trailerLength;
  if (end > bytes.length) throw new CinzelError('untrusted.truncated', { what });
  if (bytes.readUInt32LE(end - 4) !== plain.length % 2 ** 32) throw malformed(what, 'gzip-length');
  return { plain, end };
}

export interface MemberBounds {
  readonly maxBytes: number;
  readonly what: Subject;
}

function bodyOffset(bytes: Buffer, start: number, what: Subject): number {
  if (start + headerLength > bytes.length) throw new CinzelError('untrusted.truncated', { what });
  if (bytes.readUInt16BE(start) !== 0x1f8b || bytes[start + 2] !== 8) throw malformed(what, 'no-gzip');
  const set = bytes[start + 3] ?? 0;
  let at = start + headerLength;
  if ((set & flags.extra) !== 0) at += 2 + (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0);
  for (const text of [flags.name, flags.comment]) {
    if ((set & text) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) throw new CinzelError('untrusted.truncated', { what });
    at = end + 1;
  }
  return (set & flags.headerCrc) === 0 ? at : at + 2;
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflate(bytes: Buffer, { maxBytes, what }: MemberBounds): Inflated {
  try {
    // With `info` the result is not the buffer that the types promise.
    return inflateRawSync(bytes, { info: true, maxOutputLength: maxBytes }) as unknown as Inflated;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new CinzelError('untrusted.limit', { limit: 'layerBytes', value: maxBytes, what }, { cause });
    }
    if (code === 'Z_BUF_ERROR') throw new CinzelError('untrusted.truncated', { what }, { cause });
    throw malformed(what, said(message));
  }
}

function malformed(what: Subject, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what, problem });
}
