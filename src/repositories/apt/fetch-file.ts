import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CinzelError } from '../../core/errors.ts';
import { systemProblem } from '../../core/system-problem.ts';
import type { HttpClient } from '../../net/http.ts';
import { type ArchiveCredential, authorizationFor } from './credentials.ts';

/** What fetching from archives needs. */
export interface FetchIo {
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  readonly credentials?: readonly ArchiveCredential[] | undefined;
}

/** A file of an archive, as far as it was asked for. */
export interface FetchedFile {
  /** Where in the file the body begins: what was asked for, or 0 where only the whole can be had. */
  readonly offset: number;
  readonly body: AsyncIterable<Uint8Array>;
  readonly discard: () => Promise<void>;
}

/**
 * Asks an archive for a file by its path below the archive's root, from an offset on; undefined when it is not there.
 * The archive may be a folder (`file:`). Throws what `HttpClient.request` throws.
 */
export async function fetchFile(
  archive: string,
  path: string,
  io: FetchIo,
  offset = 0,
): Promise<FetchedFile | undefined> {
  const address = `${archive}/${path.split('/').map(encodeURIComponent).join('/')}`;
  if (address.startsWith('file:')) return openLocal(fileURLToPath(address), offset);
  const authorization = authorizationFor(address, io.credentials ?? []);
  const response = await io.http.request(address, {
    signal: io.signal,
    accept: offset > 0 ? [404, 410, 416] : [404, 410],
    ...(authorization === undefined ? {} : { authorization }),
    ...(offset > 0 ? { headers: { range: `bytes=${offset}-` } } : {}),
  });
  const { status, headers, body } = response;
  const discard = (): Promise<void> => response.discard();
  if (status === 404 || status === 410) {
    await discard();
    return undefined;
  }
  const isPart = status === 206 && headers['content-range']?.startsWith(`bytes ${offset}-`) === true;
  if (isPart || offset === 0 || status === 200) return { offset: isPart ? offset : 0, body, discard };
  await discard();
  return fetchFile(archive, path, io);
}

async function openLocal(path: string, start: number): Promise<FetchedFile | undefined> {
  const file = await open(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw localError(path, error);
  });
  return file && { offset: start, body: readLocal(path, file, start), discard: () => file.close() };
}

async function* readLocal(path: string, file: FileHandle, start: number): AsyncGenerator<Uint8Array> {
  try {
    yield* file.createReadStream({ start }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw localError(path, error);
  } finally {
    await file.close();
  }
}

function localError(path: string, cause: unknown): CinzelError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EACCES') return new CinzelError('environment.permission', { path }, { cause });
  return new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
}
