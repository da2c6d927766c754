import type { HttpResponse } from '../../../net/http.ts';
import type { FeedIo } from '../../feed.ts';

/** What one update of one ecosystem works on. */
export interface PartUpdate {
  /** Base address of the export, without a slash at its end. */
  readonly base: string;
  /** The ecosystem, without suffix. */
  readonly name: string;
  readonly io: FeedIo;
  readonly onProgress: (bytes: number) => void;
}

/** A file of the part, if it is another than the tag names; 304 and 404 are answers. */
export function getFile({ base, name, io }: PartUpdate, file: string, tag: string): Promise<HttpResponse> {
  return io.http.request(`${base}/${encodeURIComponent(name)}/${file}`, {
    headers: tag === '' ? {} : conditionFor(tag),
    accept: [304, 404],
    signal: io.context.signal,
  });
}

function conditionFor(tag: string): Readonly<Record<string, string>> {
  return /^(?:W\/)?"/.test(tag) ? { 'if-none-match': tag } : { 'if-modified-since': tag };
}

/** What names this version of a file: its ETag, else its Last-Modified date, else nothing. */
export function tagOf({ headers }: HttpResponse): string {
  return headers['etag'] ?? headers['last-modified'] ?? '';
}

/** The time that results carry, as text. */
export function timeOfUpdate({ io }: PartUpdate): string {
  return io.context.now().toISOString();
}
