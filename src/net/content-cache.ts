import { createHash, randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Files by key, safe for any number of processes at once and without locks: a file is written aside and renamed into
 * place, and is read only when the hash at its end fits. A cache that cannot be used is a cache without content: it
 * never makes a run fail.
 */
export interface ContentCache {
  readonly directory: string;
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes what comes, however much it is, under the key that its SHA-256 has, or not at all when it has none. Errors
   * of the source come through.
   */
  putStream(source: AsyncIterable<Uint8Array>, keyOf: (sha256: string) => string | undefined): Promise<void>;
  /** Opens what putStream wrote with this SHA-256, to be read by offset; it stays readable when it is pruned meanwhile. */
  openStream(key: string, sha256: string): Promise<FileHandle | undefined>;
  /** What is there, by the first word of the keys. */
  usage(): Promise<readonly CacheUsage[]>;
  /** Removes what was not used for longest until the rest fits; everything with `maxBytes` 0. */
  prune(options: PruneOptions): Promise<{ readonly entries: number; readonly bytes: number }>;
}

export interface CacheUsage {
  readonly kind: string;
  readonly entries: number;
  readonly bytes: number;
}

export interface PruneOptions {
  readonly maxBytes?: number;
  /** Removes what was last used before this. */
  readonly usedBefore?: Date;
}

export interface ContentCacheOptions {
  /** Size that writing keeps the cache under, more or less. */
  readonly maxBytes: number;
}

const hashLength = 32;
/** Uses closer together than this need not be told apart; it saves a write for each read. */
const useResolution = 3_600_000;
/** Of so many bytes written, by however many processes, about one look at the whole cache. */
const pruneEvery = 256 * 1024 ** 2;
/** The part of its size that a cache may be over it, on average, where that is less. */
const slack = 0.1;

export function openContentCache(directory: string, { maxBytes }: ContentCacheOptions): ContentCache {
  // Most processes write little, so none can count for itself when it is time: each byte has its chance.
  const interval = Math.min(pruneEvery, maxBytes * slack);
  const count = async (bytes: number): Promise<void> => {
    if (Math.random() * interval < bytes) await cache.prune({ maxBytes });
  };
  const cache: ContentCache = {
    directory,
    get: (key) => read(pathOf(directory, key)),
    put: async (key, bytes) => {
      await write(pathOf(directory, key), bytes);
      await count(bytes.length);
    },
    putStream: async (source, keyOf) => {
      await count(await writeStream(directory, source, keyOf));
    },
    openStream: (key, sha256) => openStream(pathOf(directory, key), sha256),
    usage: async () => summarise(await list(directory)),
    prune: (options) => prune(directory, options),
  };
  return cache;
}

/** Keys are paths of words; the first becomes a folder, the rest a hash, so that no key can name a place of its own. */
function pathOf(directory: string, key: string): string {
  const kind = /^[a-z-]{1,32}/.exec(key)?.[0] ?? 'other';
  const name = createHash('sha256').update(key).digest('hex');
  return join(directory, kind, name.slice(0, 2), name);
}

async function read(path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await open(path);
    try {
      const bytes = await file.readFile();
      const content = bytes.subarray(0, Math.max(0, bytes.length - hashLength));
      if (!hashOf(content).equals(bytes.subarray(content.length))) return undefined;
      await touch(path, (await file.stat()).mtimeMs);
      return content;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** Marks an entry as used, by its modification time. */
async function touch(path: string, last: number): Promise<void> {
  const now = Date.now();
  if (now - last > useResolution) await utimes(path, now / 1000, now / 1000).catch(() => {});
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    const file = await open(aside, 'wx');
    try {
      await file.writev([bytes, hashOf(bytes)].filter((part) => part.length > 0));
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch {
    await rm(aside, { force: true }).catch(() => {});
  }
}

/** Gives the number of bytes that were kept. */
async function writeStream(
  directory: string,
  source: AsyncIterable<Uint8Array>,
  keyOf: (sha256: string) => string | undefined,
): Promise<number> {
  // A shelf like any other, so that what a killed process left behind is pruned.
  const aside = join(directory, 'part', 'stream', randomBytes(8).toString('hex'));
  const file = await mkdir(join(aside, '..'), { recursive: true })
    .then(() => open(aside, 'wx'))
    .catch(() => undefined);
  if (file === undefined) return 0;
  const hash = createHash('sha256');
  let bytes = 0;
  let path: string | undefined;
  try {
    for await (const chunk of source) {
      hash.update(chunk);
      if (!(await append(file, chunk))) return 0;
      bytes += chunk.length;
    }
    const digest = hash.digest();
    const key = keyOf(digest.toString('hex'));
    if (key !== undefined && (await append(file, digest))) path = pathOf(directory, key);
    const done = path !== undefined && (await place(aside, path));
    return done ? bytes : 0;
  } finally {
    await file.close();
    await rm(aside, { force: true }).catch(() => {});
  }
}

async function place(aside: string, path: string): Promise<boolean> {
  return mkdir(join(path, '..'), { recursive: true })
    .then(() => rename(aside, path))
    .then(...outcome);
}

const outcome = [() => true, () => false] as const;

async function append(file: FileHandle, bytes: Uint8Array): Promise<boolean> {
  return file.writeFile(bytes).then(...outcome);
}

/** Only its end is looked at: it was hashed when it was written, and is read in small parts. */
async function openStream(path: string, sha256: string): Promise<FileHandle | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  const { size, mtimeMs } = await file.stat();
  const end = Buffer.alloc(hashLength);
  await file.read(end, 0, hashLength, Math.max(0, size - hashLength));
  if (end.toString('hex') === sha256) {
    await touch(path, mtimeMs);
    return file;
  }
  await file.close();
  return undefined;
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

interface Entry {
  readonly path: string;
  readonly kind: string;
  readonly bytes: number;
  readonly used: number;
}

/** What cannot be ours is left out, and no link is followed: a cache must never prune somebody's files. */
async function list(directory: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const kind of await foldersIn(directory, /^[a-z-]{1,32}$/)) {
    for (const shelf of await foldersIn(join(directory, kind), /^(?:[0-9a-f]{2}|stream)$/)) {
      const folder = join(directory, kind, shelf);
      for (const { name } of (await entriesOf(folder)).filter((entry) => entry.isFile() && ownName.test(entry.name))) {
        const path = join(folder, name);
        const found = await lstat(path).catch(() => undefined);
        if (found !== undefined) entries.push({ path, kind, bytes: found.size, used: found.mtimeMs });
      }
    }
  }
  return entries.sort((a, b) => a.used - b.used || (a.path < b.path ? -1 : 1));
}

/** Entries, and those that are being written. */
const ownName = /^(?:[0-9a-f]{64}(?:\.[0-9a-f]{12}\.part)?|[0-9a-f]{16})$/;

async function foldersIn(directory: string, names: RegExp): Promise<readonly string[]> {
  const entries = await entriesOf(directory);
  return entries.filter((entry) => entry.isDirectory() && names.test(entry.name)).map(({ name }) => name);
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch(() => []);
}

function summarise(entries: readonly Entry[]): readonly CacheUsage[] {
  const kinds = [...new Set(entries.map((entry) => entry.kind))].sort();
  return kinds.map((kind) => {
    const own = entries.filter((entry) => entry.kind === kind);
    return { kind, entries: own.length, bytes: own.reduce((sum, entry) => sum + entry.bytes, 0) };
  });
}

async function prune(
  directory: string,
  { maxBytes, usedBefore }: PruneOptions,
): Promise<{ entries: number; bytes: number }> {
  const entries = await list(directory);
  let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const removed = { entries: 0, bytes: 0 };
  for (const entry of entries) {
    const tooMuch = maxBytes !== undefined && total > maxBytes;
    const tooOld = usedBefore !== undefined && entry.used < usedBefore.getTime();
    if (!tooMuch && !tooOld) continue;
    if (!(await rm(entry.path, { force: true }).then(...outcome))) continue;
    total -= entry.bytes;
    removed.entries++;
    removed.bytes += entry.bytes;
  }
  return removed;
}
