import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CinzelError } from '../core/errors.ts';

/** Large chunks: each costs a turn through the thread pool. */
const chunkSize = 1 << 18;

/** Decompresses gzip, one member or several (RFC 1952 2.2). */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = Readable.from(source, { objectMode: false, highWaterMark: chunkSize });
  const output = createGunzip({ chunkSize });
  let failure: unknown;
  input.on('error', (error) => {
    failure = error;
    output.destroy(error);
  });
  try {
    for await (const chunk of input.pipe(output)) yield chunk as Uint8Array;
  } catch (cause) {
    throw failure ?? explain(cause);
  } finally {
    input.destroy();
    output.destroy();
  }
}

function explain(cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return new CinzelError('untrusted.truncated', { what: 'gzip data' }, { cause });
  if (code?.startsWith('Z_') !== true) return cause;
  return new CinzelError('untrusted.malformed', { what: 'gzip data', problem: (cause as Error).message }, { cause });
}
