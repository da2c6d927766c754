import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { CinzelError } from '../../core/errors.ts';
import { systemProblem } from '../../core/system-problem.ts';
import { damaged } from './faults.ts';

/*
 * LMDB maps its file into memory and trusts it: a file that is no database, or a shorter one than its header says,
 * ends the process with a signal. So the two meta pages are read before LMDB sees the file (lmdb-js data format 2,
 * mdb.c `MDB_meta`, little-endian, each after a page header of 24 bytes):
 *
 *   offset 24  u32 magic 0xBEEFC0DE     offset 48   u32 page size
 *   offset 28  u32 data version         offset 144  u64 last page used
 *                                       offset 152  u64 transaction id
 */
const offsets = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 160 } as const;
const magic = 0xbeefc0de;
const dataVersion = 2;

/** What the header of a store says of its last commit. */
export interface StoreMeta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/**
 * The header of a store's file; undefined when there is none. Throws `untrusted.store` when there is a file that
 * LMDB must not be given.
 */
export function readStoreMeta(path: string): StoreMeta | undefined {
  const file = openForReading(path);
  if (file === undefined) return undefined;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new CinzelError('environment.read', { path, problem: 'no-file' });
    const { size } = stats;
    const meta = newestMeta(file, path);
    const expected = expectedSize(meta);
    if (size < expected) throw damaged(path, { kind: 'other-size', found: size, expected });
    return meta;
  } finally {
    closeSync(file);
  }
}

/**
 * Makes the file as long as its header says. LMDB leaves pages unwritten that were allocated at the end of the file
 * and freed in the same transaction; without them a whole file could not be told from a truncated one.
 */
export function completeStoreFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const expected = expectedSize(newestMeta(file, path));
    if (fstatSync(file).size < expected) ftruncateSync(file, expected);
  } finally {
    closeSync(file);
  }
}

function newestMeta(file: number, path: string): StoreMeta {
  const first = readMeta(file, 0);
  const second = first && readMeta(file, first.pageSize);
  if (first === undefined || second === undefined) throw damaged(path, 'no-store');
  return second.transaction > first.transaction ? second : first;
}

function expectedSize({ lastPage, pageSize }: StoreMeta): number {
  return (Number(lastPage) + 1) * pageSize;
}

function readMeta(file: number, position: number): StoreMeta | undefined {
  const bytes = Buffer.alloc(offsets.end);
  if (readSync(file, bytes, 0, offsets.end, position) < offsets.end) return undefined;
  if (bytes.readUInt32LE(offsets.magic) !== magic || bytes.readUInt32LE(offsets.version) !== dataVersion) {
    return undefined;
  }
  const pageSize = bytes.readUInt32LE(offsets.pageSize);
  const lastPage = bytes.readBigUInt64LE(offsets.lastPage);
  if (pageSize < 512 || pageSize > 65_536 || lastPage > 1n << 40n) return undefined;
  return { pageSize, lastPage, transaction: bytes.readBigUInt64LE(offsets.transaction) };
}

function openForReading(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EACCES' || code === 'EPERM') throw new CinzelError('environment.permission', { path }, { cause });
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  }
}
