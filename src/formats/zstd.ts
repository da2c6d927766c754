import { Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { CinzelError } from '../core/errors.ts';

/** Newer versions of Node than the oldest that we support bring their own decoder. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };

/** Decompresses zstd: several and skippable frames too (RFC 8878). */
export function unzstd(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return createZstdDecompress === undefined ? unzstdInJavaScript(source) : unzstdInNode(source, createZstdDecompress());
}

async function* unzstdInNode(source: AsyncIterable<Uint8Array>, output: Transform): AsyncGenerator<Uint8Array> {
  const input = Readable.from(source, { objectMode: false });
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

function explain(cause: unknown): unknown {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/EOF|end of/i.test(message)) return new CinzelError('untrusted.truncated', { what: 'zstd data' }, { cause });
  return new CinzelError('untrusted.malformed', { what: 'zstd data', problem: message }, { cause });
}
