import { createReadStream } from 'node:fs';
import { CinzelError } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';
import { systemProblem } from '../core/system-problem.ts';
import type { LayerBlob } from './model.ts';
import type { Slice } from './tar-file.ts';
import type { OpenBlob } from './transfer.ts';

const chunkSize = 1 << 18;

/** How to read a layer's stored bytes from the start; undefined for forms that have no such bytes of their own. */
export function openLayerBlob(blob: LayerBlob): OpenBlob | undefined {
  switch (blob.kind) {
    case 'slice':
      return openSlice(blob);
    case 'stream':
      return blob.open;
    case 'packed':
    case 'directory':
      return undefined;
  }
}

/** How to read a run of bytes of a local file. A file that was cut gives fewer; errors are `environment.read`. */
export function openSlice({ file, offset, size }: Slice): OpenBlob {
  return async function* (signal) {
    // A range of no bytes cannot be written with an inclusive end.
    if (size === 0) return;
    const range = { start: offset, end: offset + size - 1, highWaterMark: chunkSize, signal };
    try {
      for await (const chunk of createReadStream(file, range)) yield chunk as Buffer;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof CinzelError) throw cause;
      throw new CinzelError('environment.read', { path: file, problem: systemProblem(cause) }, { cause });
    }
  };
}

/** How to read bytes that are in memory. */
export function openBytes(bytes: Uint8Array): OpenBlob {
  return async function* () {
    yield bytes;
  };
}

/** A document's bytes from a stream. Throws `untrusted.limit` past `limit` bytes. */
export async function collectBytes(
  source: AsyncIterable<Uint8Array>,
  limit: number,
  what: Subject,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of source) {
    length += part.length;
    if (length > limit) throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: limit, what });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
