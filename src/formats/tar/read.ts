import type { Problem } from '../../core/problems.ts';
import type { TarContent, TarHeader } from './model.ts';
import { TarStream } from './stream.ts';

export interface TarFile {
  readonly header: TarHeader;
  readonly content: TarContent;
  /** The stored bytes, when they were wanted. For a sparse file they are its runs, one after another. */
  readonly bytes?: Buffer;
}

export interface ReadTarOptions {
  /** Whether an entry's bytes are kept; nothing is by default. */
  readonly wants?: (header: TarHeader) => boolean;
  /** Told of entries with fields that mean nothing. */
  readonly dropped?: (name: string, problem: Problem) => void;
}

/** Reads an archive front to back and gives its entries, with the bytes of those that are wanted. */
export async function* tarEntries(
  source: AsyncIterable<Uint8Array>,
  options: ReadTarOptions = {},
): AsyncGenerator<TarFile> {
  const ready: TarFile[] = [];
  const stream = new TarStream({
    entry: (header, content) => {
      if (header.type !== 'file' || options.wants?.(header) !== true) {
        ready.push({ header, content });
        return undefined;
      }
      const parts: Buffer[] = [];
      return {
        write: (bytes) => parts.push(Buffer.from(bytes)),
        end: () => ready.push({ header, content, bytes: Buffer.concat(parts) }),
      };
    },
    dropped: options.dropped ?? (() => {}),
  });
  for await (const chunk of source) {
    stream.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    yield* ready.splice(0);
  }
  stream.end();
  yield* ready.splice(0);
}

/** The whole content of a sparse file from its stored runs; any other file's bytes are given back as they are. */
export function expandSparse(header: TarHeader, content: TarContent, stored: Buffer): Buffer {
  if (content.sparse === undefined) return stored;
  const whole = Buffer.alloc(header.size);
  let from = 0;
  for (const run of content.sparse) {
    stored.copy(whole, run.at, from, from + run.length);
    from += run.length;
  }
  return whole;
}
