import type { HttpResponse } from '../../../net/http.ts';
import type { FeedCursor } from '../../store.ts';
import { timeOf } from './changes.ts';
import type { PartUpdate } from './part-update.ts';
import type { RecordReader } from './records.ts';

/** Raise it when the same records give other advisories. */
export const osvFeedVersion = 1;

/** Where a part stands; every value is text, as cursors are. */
export interface OsvCursor extends FeedCursor {
  /** Base address: data of another one is no beginning to go on from. */
  readonly url: string;
  /** The newest `modified` that was seen. */
  readonly newest: string;
  /** Names of the versions of the two files. */
  readonly archiveTag: string;
  readonly listTag: string;
  /** When the whole list was last known. */
  readonly listedAt: string;
  /** Ids, separated by spaces, of records of the newest time that are not in the store because they are withdrawn. */
  readonly withdrawn: string;
}

/** The cursor of the part in the store; undefined when it is no beginning to go on from. */
export function usableCursor({ base, name, io }: PartUpdate): OsvCursor | undefined {
  const part = io.store.part('osv', name);
  if (part === undefined || part.feedVersion !== osvFeedVersion || part.cursor['url'] !== base) return undefined;
  return part.cursor as OsvCursor;
}

type Newest = Pick<OsvCursor, 'newest' | 'withdrawn'>;

/** The newest time after all records were read, and which withdrawn ones are of that time. */
export function newestOf(reader: RecordReader, response: HttpResponse): Newest {
  return notAfterServer({ newest: reader.newest(), withdrawn: reader.newestWithdrawn().join(' ') }, response);
}

/** The same after some records were read on top of what was known. */
export function newestAfter(cursor: OsvCursor, reader: RecordReader, response: HttpResponse): Newest {
  const before = timeOf(cursor.newest) ?? 0;
  const after = timeOf(reader.newest()) ?? 0;
  if (after < before) return { newest: cursor.newest, withdrawn: cursor.withdrawn };
  const ids = [...(after === before ? cursor.withdrawn.split(' ') : []), ...reader.newestWithdrawn()];
  const withdrawn = [...new Set(ids)].filter((id) => id !== '').join(' ');
  return notAfterServer({ newest: reader.newest(), withdrawn }, response);
}

/** A record from the future would hide all changes until then: the server's own clock is the latest that counts. */
function notAfterServer(newest: Newest, { headers }: HttpResponse): Newest {
  const date = timeOf(headers['date'] ?? '');
  if (date === undefined || (timeOf(newest.newest) ?? 0) <= date) return newest;
  return { newest: new Date(date).toISOString(), withdrawn: '' };
}
