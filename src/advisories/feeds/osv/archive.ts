import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CinzelError } from '../../../core/errors.ts';
import { openZip, type ZipSource } from '../../../formats/zip.ts';
import type { HttpResponse } from '../../../net/http.ts';
import type { Advisory } from '../../model.ts';
import { storeFault } from '../../store/faults.ts';
import type { RecordReader } from './records.ts';

/** Far above what OSV publishes (its largest archive holds a few hundred thousand records of a few kB). */
const limits = {
  archiveBytes: 4 * 1024 ** 3,
  entries: 5_000_000,
  entryBytes: 64 * 1024 ** 2,
  totalBytes: 64 * 1024 ** 3,
} as const;

/** Gives `use` the path of a file with the body's bytes, which is gone afterwards. */
export async function withSpooled<Result>(
  directory: string,
  response: HttpResponse,
  onProgress: (bytes: number) => void,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  await mkdir(directory, { recursive: true });
  await sweepDownloads(directory);
  const path = join(directory, `${downloadPrefix}${randomUUID()}`);
  try {
    await spool(path, response, onProgress);
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

const downloadPrefix = 'download-';
/** No download takes this long: an older file was left by a process that was killed. */
const downloadAge = 24 * 60 * 60 * 1000;

async function sweepDownloads(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(downloadPrefix)) continue;
    const path = join(directory, name);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (Date.now() - modified > downloadAge) await rm(path, { force: true });
  }
}

async function spool(path: string, response: HttpResponse, onProgress: (bytes: number) => void): Promise<void> {
  const file = await open(path, 'wx').catch((cause: unknown) => Promise.reject(storeFault(path, cause)));
  let written = 0;
  try {
    for await (const chunk of response.body) {
      written += chunk.length;
      if (written > limits.archiveBytes) {
        throw new CinzelError('untrusted.limit', {
          limit: 'archive-bytes',
          value: limits.archiveBytes,
          what: response.url,
        });
      }
      await file.writeFile(chunk).catch((cause: unknown) => Promise.reject(storeFault(path, cause)));
      onProgress(written);
    }
  } finally {
    await file.close();
  }
}

/** The advisories of an archive of `ID.json` files, read one at a time. */
export function* readArchive(
  path: string,
  reader: RecordReader,
  { what, signal }: { readonly what: string; readonly signal: AbortSignal },
): Generator<Advisory> {
  const file = openSync(path, 'r');
  try {
    const archive = openZip(fileSource(file), limits, what);
    for (const entry of archive.entries) {
      signal.throwIfAborted();
      if (!entry.name.endsWith('.json')) continue;
      const record = reader.read(archive.read(entry), entry.name);
      if (typeof record === 'object') yield record;
    }
  } finally {
    closeSync(file);
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
