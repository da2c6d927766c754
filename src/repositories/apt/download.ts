import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../../core/context.ts';
import { sha256 } from '../../core/digest.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import type { HttpClient } from '../../net/http.ts';
import { type FetchIo, fetchFile } from './fetch-file.ts';
import { archiveAddress, type Mirrors } from './mirrors.ts';
import type { IndexCache } from './release.ts';
import { snapshotAddress } from './snapshot.ts';

/** A file that an archive has, and how it is known. */
export interface WantedFile {
  /** For people. */
  readonly label: string;
  /** Where the cache keeps it. */
  readonly key: string;
  readonly archive: string;
  readonly filename: string;
  readonly size: number;
  readonly digest: string;
  readonly digestOf: (bytes: Uint8Array) => string;
  /** What to say when the archive has it no more. */
  readonly missing: CinzelError;
}

/** What is known of a .deb before it is fetched: from an index, or from a lock. */
export interface WantedDeb {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly sourceVersion: string;
  /** The archive that has it, as its suite names it. */
  readonly archive: string;
  readonly filename: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** When the index that lists it was made (RFC 5322), where that is known. */
  readonly published?: string;
}

export interface DownloadOptions {
  readonly mirrors: Mirrors;
  readonly http: HttpClient;
  /** Keeps what was fetched, under its hash; nothing enters that has not been verified. */
  readonly cache: IndexCache;
  readonly context: Context;
  /** Waits so many milliseconds before a download goes on. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * The verified bytes of a .deb: from the cache, else from its archive, going on from where the connection was cut.
 * Throws `environment.superseded` with its address in the snapshot archive when the mirror no longer has it,
 * `untrusted.digest`, and what the network throws.
 */
export async function downloadDeb(wanted: WantedDeb, options: DownloadOptions): Promise<Uint8Array> {
  const { name, version, archive, filename, size, sha256: expected } = wanted;
  return downloadFile(
    {
      label: `${name} ${version}`,
      key: `deb/${expected}`,
      archive,
      filename,
      size,
      digest: `sha256:${expected}`,
      digestOf: sha256,
      missing: missing(wanted),
    },
    options,
  );
}

/** The verified bytes of a file of an archive, in the same way. */
export async function downloadFile(wanted: WantedFile, options: DownloadOptions): Promise<Uint8Array> {
  const { cache, context, mirrors } = options;
  const { key, label: name, size: total } = wanted;
  const known = await cache.get(key);
  if (known !== undefined) return known;
  const task = `download ${key}`;
  context.progress({ kind: 'archive', address: archiveAddress(mirrors, wanted.archive) });
  context.progress({ kind: 'start', task, what: 'download', name, total });
  try {
    const bytes = await fetchVerified(wanted, options, (done) => context.progress({ kind: 'advance', task, done }));
    await cache.put(key, bytes);
    return bytes;
  } finally {
    context.progress({ kind: 'end', task });
  }
}

type Advance = (done: number) => void;

/** What was put together from pieces and does not fit is fetched once more whole. */
async function fetchVerified(wanted: WantedFile, options: DownloadOptions, advance: Advance): Promise<Uint8Array> {
  const { bytes, pieces } = await fetchPieces(wanted, options, advance);
  if (isWanted(wanted, bytes)) return bytes;
  const whole = pieces > 1 ? (await fetchPieces(wanted, options, advance)).bytes : bytes;
  if (isWanted(wanted, whole)) return whole;
  throw new CinzelError('untrusted.digest', {
    what: wanted.filename,
    expected: wanted.digest,
    actual: wanted.digestOf(whole),
  });
}

function isWanted({ digest, digestOf }: WantedFile, bytes: Uint8Array): boolean {
  return digestOf(bytes) === digest;
}

/** A connection that brings nothing is tried once more; one that brings something may be cut this often. */
const attempts = { fruitless: 2, all: 50 };

/** The file as it comes, over as many connections as it takes. */
async function fetchPieces(
  wanted: WantedFile,
  options: DownloadOptions,
  advance: Advance,
): Promise<{ readonly bytes: Uint8Array; readonly pieces: number }> {
  const { context, sleep = wait } = options;
  const { signal } = context;
  const received: Received = { parts: [], size: 0 };
  for (let piece = 1, fruitless = 0; ; piece++) {
    const before = received.size;
    try {
      await fetchRest(wanted, received, options, advance);
      return { bytes: Buffer.concat(received.parts), pieces: piece };
    } catch (error) {
      fruitless = received.size > before ? 0 : fruitless + 1;
      const hopeless = fruitless >= attempts.fruitless || piece >= attempts.all;
      if (hopeless || !isCinzelError(error, 'environment.network')) throw error;
      await sleep(500 * 2 ** fruitless, signal);
    }
  }
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal });
}

interface Received {
  parts: Uint8Array[];
  size: number;
}

async function fetchRest(
  wanted: WantedFile,
  received: Received,
  { mirrors, http, context }: DownloadOptions,
  advance: Advance,
): Promise<void> {
  const { filename, size: expected } = wanted;
  const io: FetchIo = { http, signal: context.signal, credentials: mirrors.credentials };
  const file = await fetchFile(archiveAddress(mirrors, wanted.archive), filename, io, received.size);
  if (file === undefined) throw wanted.missing;
  if (file.offset !== received.size) Object.assign(received, { parts: [], size: 0 });
  for await (const part of file.body) {
    received.parts.push(part);
    received.size += part.length;
    if (received.size > expected) {
      throw new CinzelError('untrusted.size', { what: filename, expected, actual: received.size });
    }
    advance(received.size);
  }
}

function missing(wanted: WantedDeb): CinzelError {
  const what = `${wanted.name} ${wanted.version}`;
  const snapshot = snapshotAddress(wanted);
  if (snapshot === undefined) return new CinzelError('environment.not-found', { what });
  return new CinzelError('environment.superseded', { package: what, snapshot });
}
