import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writing } from '../../core/write-fault.ts';

/** A private folder for what must lie on disk for a while. */
export interface Spool {
  /** Stores a stream; gives the file's path. */
  store(source: AsyncIterable<Uint8Array>): Promise<string>;
  /** Lets a job write a file; gives the file's path. */
  create(job: (file: FileHandle) => Promise<void>): Promise<string>;
  close(): Promise<void>;
}

export async function openSpool(): Promise<Spool> {
  const folder = await writing(tmpdir(), () => mkdtemp(join(tmpdir(), 'cinzel-spool-')));
  const create: Spool['create'] = (job) =>
    writing(folder, async () => {
      const path = join(folder, randomBytes(8).toString('hex'));
      const file = await open(path, 'wx', 0o600);
      try {
        await job(file);
      } finally {
        await file.close();
      }
      return path;
    });
  return {
    create,
    store: (source) => create((file) => writeFile(file, source)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
