import { createGunzip } from 'node:zlib';
import { CinzelError } from '../core/errors.ts';
import { said } from '../core/problems.ts';
import { throughDecoder } from './node-decoder.ts';

/** Large chunks: each costs a turn through the thread pool. */
const chunkSize = 1 << 18;

/** Decompresses gzip, one member or several (RFC 1952 2.2). */
export function gunzip(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return throughDecoder(source, { transform: createGunzip({ chunkSize }), explain, highWaterMark: chunkSize });
}

function explain(cause: unknown): Error {
  const error = cause as NodeJS.ErrnoException;
  if (error.code === 'Z_BUF_ERROR') return new CinzelError('untrusted.truncated', { what: 'gzip data' }, { cause });
  if (error.code?.startsWith('Z_') !== true) return error;
  return new CinzelError('untrusted.malformed', { what: 'gzip data', problem: said(error.message) }, { cause });
}
