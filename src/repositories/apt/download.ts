import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../../core/context.ts';
import { sha256 } from '../../core/digest.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import type { HttpClient } from '../../net/http.ts';
import { type FetchIo, fetchFile } from './fetch-file.ts';
import { archiveAddress, type Mirrors } from './mirrors.ts';
import type { IndexCache } from './release.ts';
import { snapshotAddress } from './snapshot.ts';

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
  const { cache, context } = options;
  const key = `deb/${wanted.sha256}`;
  const known = await cache.get(key);
  if (known !== undefined) return known;
  const task = `download ${wanted.sha256}`;
  const { name, version, size: total } = wanted;
  context.progress({ kind: 'archive', address: options.mirrors.main });
  context.progress({ kind: 'start', task, what: 'download', name: `${name} ${version}`, total });
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
async function fetchVerified(wanted: WantedDeb, options: DownloadOptions, advance: Advance): Promise<Uint8Array> {
  const { bytes, pieces } = await fetchPieces(wanted, options, advance);
  if (isWanted(wanted, bytes)) return bytes;
  const whole = pieces > 1 ? (await fetchPieces(wanted, options, advance)).bytes : bytes;
  if (isWanted(wanted, whole)) return whole;
  throw new CinzelError('untrusted.digest', {
    what: wanted.filename,
    expected: `sha256:${wanted.sha256}`,
    actual: sha256(whole),
  });
}

function isWanted(wanted: WantedDeb, bytes: Uint8Array): boolean {
  return sha256(bytes) === `sha256:${wanted.sha256}`;
}

/** A connection that brings nothing is tried once more; one that brings something may be cut this often. */
const attempts = { fruitless: 2, all: 50 };

/** The file as it comes, over as many connections as it takes. */
async function fetchPieces(
  wanted: WantedDeb,
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
  wanted: WantedDeb,
  received: Received,
  { mirrors, http, context }: DownloadOptions,
  advance: Advance,
): Promise<void> {
  const { filename, size: expected } = wanted;
  const io: FetchIo = { http, signal: context.signal, credentials: mirrors.credentials };
  const file = await fetchFile(archiveAddress(mirrors, wanted.archive), filename, io, received.size);
  if (file === undefined) throw missing(wanted);
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
