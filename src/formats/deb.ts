import { CinzelError } from '../core/errors.ts';
import type { Problem } from '../core/problems.ts';
import type { Subject } from '../core/subjects.ts';
import { type ArMember, arMembers } from './ar.ts';
import type { DecompressionBounds } from './bounded.ts';
import { type Compression, decompress } from './decompress.ts';

/** One of the two archives in a Debian binary package. */
export interface DebMember {
  /** `control`: the package's metadata and scripts; `data`: its files. */
  readonly kind: 'control' | 'data';
  /** The tar archive, decompressed, once, and only until the next member is asked for. */
  readonly tar: AsyncIterable<Uint8Array>;
}

const compressions: ReadonlyMap<string, Compression> = new Map([
  ['', 'plain'],
  ['.gz', 'gzip'],
  ['.xz', 'xz'],
  ['.zst', 'zstd'],
]);

/**
 * Reads the control and data archives of a .deb, in order, as streams.
 *
 * Format: deb(5), version 2: `debian-binary`, `control.tar…`, `data.tar…`; members that start with `_` are passed over.
 * Throws `untrusted.malformed`, `untrusted.truncated`, `untrusted.unsupported`, and `untrusted.limit` where bounds are
 * given. What the bounds say it is names it in messages.
 */
export async function* debMembers(
  source: AsyncIterable<Uint8Array>,
  bounds: DecompressionBounds = {},
): AsyncGenerator<DebMember> {
  const { what = 'Debian package' } = bounds;
  let next: 'version' | DebMember['kind'] = 'version';
  for await (const member of arMembers(source, what)) {
    if (member.name.startsWith('_')) continue;
    if (next === 'version') {
      await checkVersion(member, what);
      next = 'control';
      continue;
    }
    yield {
      kind: next,
      tar: decompress(member.content, compressionOf(member.name, next, what), {
        ...bounds,
        what: { kind: 'part', of: what, part: member.name },
      }),
    };
    if (next === 'data') return;
    next = 'data';
  }
  throw new CinzelError('untrusted.truncated', { what });
}

async function checkVersion(member: ArMember, what: Subject): Promise<void> {
  if (member.name !== 'debian-binary' || member.size > 100) throw malformed(what, 'no-debian-binary');
  const parts: Uint8Array[] = [];
  for await (const part of member.content) parts.push(part);
  const version = Buffer.concat(parts).toString('latin1').split('\n')[0] ?? '';
  if (!/^2\.\d+$/.test(version))
    throw new CinzelError('untrusted.unsupported', { what: { kind: 'part', of: what, part: version } });
}

function compressionOf(name: string, kind: DebMember['kind'], what: Subject): Compression {
  const compression = name.startsWith(`${kind}.tar`) ? compressions.get(name.slice(kind.length + 4)) : undefined;
  if (compression !== undefined) return compression;
  if (name.startsWith(`${kind}.tar.`))
    throw new CinzelError('untrusted.unsupported', { what: { kind: 'part', of: what, part: name } });
  throw malformed(what, { kind: 'other-member', expected: `${kind}.tar`, found: name });
}

function malformed(what: Subject, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what, problem });
}
