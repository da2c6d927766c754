import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { CinzelError } from '../core/errors.ts';
import { said } from '../core/problems.ts';
import { throughDecoder } from './node-decoder.ts';

/** Newer versions of Node than the oldest that we support bring their own decoder. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };

/** Decompresses zstd: several and skippable frames too (RFC 8878). */
export function unzstd(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (createZstdDecompress === undefined) return unzstdInJavaScript(source);
  return throughDecoder(source, { transform: createZstdDecompress(), explain });
}

async function* unzstdInJavaScript(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  const ready: Uint8Array[] = [];
  // The decoder keeps its window in the memory of the chunks that it gives out.
  const decoder = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of source) {
    attempt(() => decoder.push(Uint8Array.from(chunk)));
    yield* ready.splice(0);
  }
  attempt(() => decoder.push(new Uint8Array(), true));
  yield* ready.splice(0);
}

function attempt(step: () => void): void {
  try {
    step();
  } catch (cause) {
    throw explain(cause);
  }
}

function explain(cause: unknown): CinzelError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/EOF|end of/i.test(message)) return new CinzelError('untrusted.truncated', { what: 'zstd data' }, { cause });
  return new CinzelError('untrusted.malformed', { what: 'zstd data', problem: said(message) }, { cause });
}
