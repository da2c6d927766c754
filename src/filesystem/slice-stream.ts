import { createReadStream } from 'node:fs';
import type { Slice } from '../image/tar-file.ts';
import type { OpenBlob } from './read-stream.ts';

/** Opens a part of a file as a stream. */
export function openSlice({ file, offset, size }: Slice, signal?: AbortSignal): OpenBlob {
  return () =>
    createReadStream(file, {
      start: offset,
      end: offset + size - 1,
      highWaterMark: 1 << 18,
      ...(signal === undefined ? {} : { signal }),
    });
}
