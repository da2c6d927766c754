import { randomUUID } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CinzelError } from '../../../core/errors.ts';
import { writing } from '../../../core/write-fault.ts';
import { openZip, type ZipSource } from '../../../formats/zip.ts';
import type { HttpResponse } from '../../../net/http.ts';
import type { Advisory } from '../../model.ts';
import type { RecordReader } from './records.ts';

/** Far above what OSV publishes (its largest archive holds a few hundred thousand records of a few kB). */
const limits = {
  archiveBytes: 4 * 1024 ** 3,
  entries: 5_000_000,
  entryBytes: 64 * 1024 ** 2,
  totalBytes: 64 * 1024 ** 3,
} as const;

/**
 * Gives `use` a file with the body's bytes. It has no name any more as soon as it is open, so that nothing is left of
 * it even when the process is killed.
 */
export async function withSpooled<Result>(
  directory: string,
  response: HttpResponse,
  onProgress: (bytes: number) => void,
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const path = join(directory, `download-${randomUUID()}`);
  const file = await writing(path, () => open(path, 'wx+'));
  try {
    await rm(path);
    await spool(file, response, { path, onProgress });
    return await use(file);
  } finally {
    await file.close();
  }
}

async function spool(
  file: FileHandle,
  response: HttpResponse,
  { path, onProgress }: { readonly path: string; readonly onProgress: (bytes: number) => void },
): Promise<void> {
  let written = 0;
  for await (const chunk of response.body) {
    written += chunk.length;
    if (written > limits.archiveBytes) {
      throw new CinzelError('untrusted.limit', {
        limit: 'archive-bytes',
        value: limits.archiveBytes,
        what: response.url,
      });
    }
    await writing(path, () => file.writeFile(chunk));
    onProgress(written);
  }
}

/** The advisories of an archive of `ID.json` files, read one at a time. */
export function* readArchive(
  { fd }: FileHandle,
  reader: RecordReader,
  { what, signal }: { readonly what: string; readonly signal: AbortSignal },
): Generator<Advisory> {
  const archive = openZip(fileSource(fd), limits, what);
  for (const entry of archive.entries) {
    signal.throwIfAborted();
    if (!entry.name.endsWith('.json')) continue;
    const record = reader.read(archive.read(entry), entry.name);
    if (typeof record === 'object') yield record;
  }
}

function fileSource(file: number): ZipSource {
  return {
    size: fstatSync(file).size,
    read: (offset, length) => {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
    },
  };
}
