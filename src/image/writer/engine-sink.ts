import { stat } from 'node:fs/promises';
import type { Context } from '../../core/context.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import { asObject, asString, parseJson } from '../../core/json.ts';
import { type Problem, said } from '../../core/problems.ts';
import type { HttpClient } from '../../net/http.ts';
import type { EngineAddress, EngineName } from '../engines/socket.ts';
import type { ImageSink } from '../transfer.ts';
import { openSlice } from '../transfer-blob.ts';
import { writeDockerArchive } from './docker-archive.ts';
import { type SingleImage, singleImageSink } from './single-image-sink.ts';
import { openSpool } from './spool.ts';

export interface EngineSinkOptions {
  readonly context: Context;
  readonly http: HttpClient;
  readonly engine: EngineName;
  readonly address: EngineAddress;
  /** Repository and tag that the image gets. */
  readonly name?: string;
}

const answerBytes = 1024 ** 2;
/** Statuses whose body says what is wrong. */
const refusals = [400, 401, 403, 404, 409, 500, 501, 503];

/**
 * Loads one image into an engine over its API (docs.docker.com/reference/api/engine, "Import images"; Podman serves the
 * same). The archive is spooled, so that the engine gets it only once everything in it was verified.
 */
export function engineSink(options: EngineSinkOptions): ImageSink {
  return singleImageSink(
    options.context,
    (image) => load(image, options),
    async () => {},
  );
}

async function load(image: SingleImage, options: EngineSinkOptions): Promise<void> {
  const { context, name, engine } = options;
  const spool = await openSpool();
  try {
    const archive = await spool.create((file) => writeDockerArchive(file, image, { name, context }));
    await send(archive, options);
  } catch (cause) {
    throw isCinzelError(cause, 'environment.network')
      ? new CinzelError('environment.engine', { engine, problem: cause.parameters.problem }, { cause })
      : cause;
  } finally {
    await spool.close();
  }
}

async function send(file: string, { context, http, engine, address }: EngineSinkOptions): Promise<void> {
  const { url, socketPath } = address;
  const { size } = await stat(file);
  const response = await http.request(`${url}/images/load?quiet=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-tar', 'content-length': String(size) },
    body: openSlice({ file, offset: 0, size })(context.signal),
    accept: refusals,
    signal: context.signal,
    ...(socketPath === undefined ? {} : { socketPath }),
  });
  const problem = problemOf(response.status, await response.text(answerBytes));
  if (problem !== undefined) throw new CinzelError('environment.engine', { engine, problem });
}

/** An engine answers with lines of JSON, of which one may be an error even when the status is 200. */
function problemOf(status: number, answer: string): Problem | undefined {
  for (const line of answer.split('\n')) {
    const message = asObject(jsonOrNothing(line));
    const error = asString(message?.['error']) ?? (status < 300 ? undefined : asString(message?.['message']));
    if (error !== undefined) return said(error);
  }
  return status < 300 ? undefined : { kind: 'answers-status', status };
}

function jsonOrNothing(line: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(line, 'answer');
  } catch {
    return null;
  }
}
