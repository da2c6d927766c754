import { ReadableStream } from 'node:stream/web';
import { CinzelError } from '../core/errors.ts';
import { said } from '../core/problems.ts';

/** Decompresses xz, one stream or several (.xz file format 1.2.1). */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = await loadDecoder();
  let failure = undefined as Error | undefined;
  const iterator = source[Symbol.asyncIterator]();
  const input = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        failure = error as Error;
        controller.error(error);
      }
    },
  });
  const reader = new XzReadableStream(input as never).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value as Uint8Array;
  } catch (cause) {
    throw failure ?? explain(cause);
  } finally {
    await reader.cancel().catch(() => {});
    await iterator.return?.();
  }
}

async function loadDecoder(): Promise<typeof import('xz-decompress')> {
  const module = (await import('xz-decompress')) as typeof import('xz-decompress') & {
    default?: typeof import('xz-decompress');
  };
  return module.default ?? module;
}

function explain(cause: unknown): CinzelError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/truncat|end of|unexpected/i.test(message)) {
    return new CinzelError('untrusted.truncated', { what: 'xz data' }, { cause });
  }
  return new CinzelError('untrusted.malformed', { what: 'xz data', problem: said(message) }, { cause });
}
