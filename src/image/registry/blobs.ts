import type { Hash } from 'node:crypto';
import { type Digest, digestAlgorithm, hashFor } from '../../core/digest.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import type { HttpResponse } from '../../net/http.ts';
import type { Descriptor } from '../model.ts';
import type { Connection } from './connection.ts';
import { mayFailOver } from './fail-over.ts';

/** What a blob is asked for by. */
export type BlobDescriptor = Pick<Descriptor, 'digest' | 'size'>;

/** How often a blob that is cut is asked for again where it was cut, from one endpoint, until so many bytes came. */
const resumeLimit = { attempts: 8, bytes: 4 * 1024 * 1024 };
/** How often if nothing came at all. */
const stallLimit = 2;

/** How far the reading of a blob has come, over all endpoints. */
interface Progress {
  received: number;
  readonly hash: Hash;
}

/**
 * Streams a blob from the first connection that has it, and goes on where it was cut, with the next connection if need
 * be. The bytes are hashed as they go by: the last one is followed by `untrusted.digest` or `untrusted.size` if they
 * were not the blob.
 */
export async function* readBlob(
  connections: readonly Connection[],
  blob: BlobDescriptor,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const progress: Progress = { received: 0, hash: hashFor(blob.digest) };
  for (const [index, connection] of connections.entries()) {
    try {
      yield* readResuming(connection, blob, progress, signal);
      break;
    } catch (error) {
      if (index === connections.length - 1 || progress.received > blob.size || !mayFailOver(error)) throw error;
    }
  }
  const actual = `${digestAlgorithm(blob.digest)}:${progress.hash.digest('hex')}`;
  if (actual === blob.digest) return;
  const what = `${connections.at(-1)?.label}@${blob.digest}`;
  throw new CinzelError('untrusted.digest', { what, expected: blob.digest, actual });
}

async function* readResuming(
  connection: Connection,
  blob: BlobDescriptor,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let stalls = 0;
  let since = { attempt: 0, received: progress.received };
  for (let attempt = 0; attempt === 0 || progress.received < blob.size; attempt++) {
    const before = progress.received;
    if (before - since.received >= resumeLimit.bytes) since = { attempt, received: before };
    let fault: unknown = wrongSize(connection, blob, before);
    try {
      for await (const chunk of readFrom(connection, blob, before, signal)) {
        progress.received += chunk.length;
        if (progress.received > blob.size) throw wrongSize(connection, blob, progress.received);
        progress.hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      if (!isCinzelError(error, 'environment.network')) throw error;
      fault = error;
    }
    if (progress.received === before) stalls++;
    const isSpent = attempt - since.attempt >= resumeLimit.attempts || stalls >= stallLimit;
    if (isSpent && progress.received < blob.size) throw fault;
  }
}

function wrongSize({ label }: Connection, { digest, size }: BlobDescriptor, actual: number): CinzelError {
  return new CinzelError('untrusted.size', { what: `${label}@${digest}`, expected: size, actual });
}

async function* readFrom(
  connection: Connection,
  { digest }: BlobDescriptor,
  offset: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const answer = await connection.send(await connection.url(`blobs/${digest}`), {
    ...(offset === 0 ? {} : { headers: { range: `bytes=${offset}-` } }),
    scope: connection.scope('pull'),
    signal,
  });
  yield* skip(answer, offset - startOf(answer));
}

/** Where the answer's first byte lies in the blob: not where we asked when the server does not know ranges. */
function startOf({ status, headers, url }: HttpResponse): number {
  if (status !== 206) return 0;
  const start = /^bytes (\d{1,15})-/.exec(headers['content-range'] ?? '')?.[1];
  if (start !== undefined) return Number(start);
  throw new CinzelError('untrusted.malformed', { what: url, problem: 'unnamed-part' });
}

async function* skip({ body, url }: HttpResponse, count: number): AsyncGenerator<Uint8Array> {
  if (count < 0) throw new CinzelError('untrusted.malformed', { what: url, problem: 'other-part' });
  let left = count;
  for await (const chunk of body) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Whether a registry has a blob already. */
export async function hasBlob(connection: Connection, digest: Digest): Promise<boolean> {
  const answer = await connection.send(await connection.url(`blobs/${digest}`), {
    method: 'HEAD',
    scope: connection.scope('pull,push'),
    accept: [404],
  });
  return answer.status !== 404;
}
