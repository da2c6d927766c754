import type { Digest } from '../../core/digest.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import type { HttpResponse } from '../../net/http.ts';
import { type BlobDescriptor, hasBlob } from './blobs.ts';
import type { Connection } from './connection.ts';

export interface BlobUpload {
  readonly blob: BlobDescriptor;
  /** Opens the bytes; called again when they must be sent again. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** A repository of the same registry that may have the blob, so that it need not be sent. */
  readonly mountFrom?: string;
  /** Sends pieces of so many bytes, each of which can be repeated, instead of the whole in one request. */
  readonly chunkSize?: number;
}

/** How a blob got where it should be. */
export type UploadOutcome = 'present' | 'mounted' | 'uploaded';

const repeats = 3;

/** Puts a blob into a repository, unless it is there (distribution specification, "Pushing blobs"). */
export async function uploadBlob(connection: Connection, upload: BlobUpload): Promise<UploadOutcome> {
  if (await hasBlob(connection, upload.blob.digest)) return 'present';
  for (let attempt = 0; ; attempt++) {
    const session = await startUpload(connection, upload);
    if (session === 'mounted') return 'mounted';
    try {
      await (upload.chunkSize === undefined
        ? sendWhole(session, upload)
        : sendInChunks(session, upload, upload.chunkSize));
      return 'uploaded';
    } catch (error) {
      const mayRepeat = isCinzelError(error, 'environment.network', 'environment.http') && attempt < repeats;
      if (!mayRepeat || (isCinzelError(error, 'environment.http') && error.parameters.status < 500)) throw error;
    }
  }
}

interface Session {
  readonly connection: Connection;
  readonly scope: string;
  readonly location: URL;
}

async function startUpload(connection: Connection, { blob, mountFrom }: BlobUpload): Promise<Session | 'mounted'> {
  const push = connection.scope('pull,push');
  const scope = mountFrom === undefined ? push : `${push} ${connection.scope('pull', mountFrom)}`;
  const url = await connection.url('blobs/uploads/');
  if (mountFrom !== undefined) {
    url.searchParams.set('mount', blob.digest);
    url.searchParams.set('from', mountFrom);
  }
  const answer = await connection.send(url, { method: 'POST', scope });
  await answer.discard();
  if (answer.status === 201) return 'mounted';
  return { connection, scope, location: locationOf(answer, url) };
}

/** Where to send more. Credentials follow only to the endpoint's own origin; `connection` sees to that. */
function locationOf({ headers, url }: HttpResponse, asked: URL): URL {
  const location = headers['location'] ?? '';
  if (location !== '' && URL.canParse(location, asked.href)) return new URL(location, asked);
  throw new CinzelError('untrusted.malformed', { what: url, problem: 'no-upload-place' });
}

async function sendWhole({ connection, scope, location }: Session, { blob, open }: BlobUpload): Promise<void> {
  const answer = await connection.send(finished(location, blob.digest), {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) },
    body: open,
    scope,
  });
  await answer.discard();
}

function finished(location: URL, digest: Digest): URL {
  const url = new URL(location);
  url.searchParams.set('digest', digest);
  return url;
}

async function sendInChunks(session: Session, { blob, open }: BlobUpload, chunkSize: number): Promise<void> {
  let { location } = session;
  let offset = 0;
  for await (const chunk of inPieces(open(), chunkSize)) {
    location = await sendChunk({ ...session, location }, chunk, offset);
    offset += chunk.length;
  }
  const { connection, scope } = session;
  const answer = await connection.send(finished(location, blob.digest), { method: 'PUT', scope });
  await answer.discard();
}

/** Sends one piece, and again the part of it that did not arrive. Gives the location for the next. */
async function sendChunk(session: Session, chunk: Uint8Array, offset: number): Promise<URL> {
  const { connection, scope } = session;
  let { location } = session;
  let sent = 0;
  for (let attempt = 0; ; attempt++) {
    const piece = chunk.subarray(sent);
    const from = offset + sent;
    try {
      const answer = await connection.send(location, {
        method: 'PATCH',
        headers: {
          'content-type': 'application/octet-stream',
          'content-range': `${from}-${from + piece.length - 1}`,
        },
        body: () => piece,
        scope,
      });
      await answer.discard();
      return locationOf(answer, location);
    } catch (error) {
      if (attempt >= repeats || !isCinzelError(error, 'environment.network')) throw error;
      const state = await askState({ connection, scope, location });
      location = state.location;
      sent = state.received - offset;
      if (sent < 0 || sent > chunk.length) throw error;
      if (sent === chunk.length) return location;
    }
  }
}

/** How much of an upload has arrived (distribution specification, "Pushing a blob in chunks"). */
async function askState({
  connection,
  scope,
  location,
}: Session): Promise<{ readonly location: URL; readonly received: number }> {
  const answer = await connection.send(location, { scope });
  await answer.discard();
  const last = /^(?:bytes=)?0-(\d{1,15})$/.exec(answer.headers['range'] ?? '')?.[1];
  return { location: locationOf(answer, location), received: last === undefined ? 0 : Number(last) + 1 };
}

async function* inPieces(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of source) {
    let rest = part;
    while (length + rest.length >= size) {
      const taken = rest.subarray(0, size - length);
      yield Buffer.concat([...parts, taken]);
      rest = rest.subarray(taken.length);
      parts = [];
      length = 0;
    }
    if (rest.length > 0) parts.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(parts);
}
