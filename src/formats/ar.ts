import { CinzelError } from '../core/errors.ts';
import type { Problem } from '../core/problems.ts';
import type { Subject } from '../core/subjects.ts';
import { ByteReader } from './byte-reader.ts';

/** A member of an ar archive. */
export interface ArMember {
  /** Without the slash that GNU ar puts after it. */
  readonly name: string;
  readonly size: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** The member's bytes, once, and only until the next member is asked for; what is not read is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

const magic = '!<arch>\n';
const headerSize = 60;

/**
 * Reads the members of an ar archive in order, as a stream.
 *
 * Names are those of the common format (at most 16 bytes), which is all that Debian packages may use; the long names
 * of GNU and BSD archives come as their references (`/12`, `#1/20`).
 * Format: deb(5), ar(5). Throws `untrusted.malformed` and `untrusted.truncated`.
 */
export async function* arMembers(
  source: AsyncIterable<Uint8Array>,
  what: Subject = 'ar archive',
): AsyncGenerator<ArMember> {
  const reader = new ByteReader(source, what);
  try {
    await expectMagic(reader, what);
    for (;;) {
      const header = await reader.read(headerSize);
      if (header === undefined) return;
      const { name, size, mtime } = parseHeader(Buffer.from(header).toString('latin1'), what);
      const end = reader.position + size;
      yield { name, size, mtime, content: reader.stream(size) };
      await reader.skipTo(end);
      if (size % 2 === 1) await reader.read(1);
    }
  } finally {
    await reader.close();
  }
}

async function expectMagic(reader: ByteReader, what: Subject): Promise<void> {
  const start = await reader.read(magic.length);
  if (start === undefined) throw new CinzelError('untrusted.empty', { path: what });
  if (Buffer.from(start).toString('latin1') !== magic) throw malformed(what, 'no-ar');
}

function parseHeader(header: string, what: Subject): Omit<ArMember, 'content'> {
  if (header.slice(58) !== '`\n') throw malformed(what, 'ar-end-mark');
  return {
    name: header
      .slice(0, 16)
      .trimEnd()
      .replace(/(?<=.)\/$/, ''),
    mtime: decimal(header.slice(16, 28).trim() || '0', what),
    size: decimal(header.slice(48, 58).trim(), what),
  };
}

function decimal(field: string, what: Subject): number {
  if (!/^\d{1,12}$/.test(field)) throw malformed(what, 'ar-number');
  return Number(field);
}

function malformed(what: Subject, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what, problem });
}
