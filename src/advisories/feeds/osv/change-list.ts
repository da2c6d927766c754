import type { HttpResponse } from '../../../net/http.ts';
import { type RecordChange, readChanges, timeOf } from './changes.ts';
import type { OsvCursor } from './cursor.ts';
import type { PartUpdate } from './part-update.ts';

/** The whole list is read this often, to find records that vanished without being withdrawn. */
const fullListEvery = 7 * 24 * 60 * 60 * 1000;

/** What the list of changes says beyond what is known. */
export interface ChangeList {
  /** Records that are not in the store as the list has them, newest first; at most one more than `limit`. */
  readonly changed: readonly RecordChange[];
  /** Ids in the store that the list does not have; only looked for when the whole list was read. */
  readonly vanished: readonly string[];
  /** Whether the list was read to its end. */
  readonly whole: boolean;
}

/** Reads the list down to what is known already, or now and then to its end. */
export async function readChangeList(
  update: PartUpdate,
  cursor: OsvCursor,
  response: HttpResponse,
  limit: number,
): Promise<ChangeList> {
  const whole = isFullListDue(update, cursor);
  const changed: RecordChange[] = [];
  const listed = new Set<string>();
  const known = timeOf(cursor.newest) ?? 0;
  for await (const change of readChanges(response.body, response.url)) {
    const isKnown = (timeOf(change.modified) ?? 0) < known;
    if (isKnown && !whole) break;
    if (whole) listed.add(change.id);
    if (!isKnown && changed.length <= limit && !isStored(update, cursor, change)) changed.push(change);
  }
  return { changed, vanished: whole ? vanished(update, listed) : [], whole };
}

/** Many records may share the newest time, so those of that very time are looked at one by one. */
function isStored({ io }: PartUpdate, cursor: OsvCursor, { id, modified }: RecordChange): boolean {
  if (timeOf(modified) === timeOf(cursor.newest) && cursor.withdrawn.split(' ').includes(id)) return true;
  const stored = io.store.get(id, 'osv');
  return stored !== undefined && timeOf(stored.modified) === timeOf(modified);
}

function vanished({ io, name }: PartUpdate, listed: ReadonlySet<string>): readonly string[] {
  return io.store.ids('osv', name).filter((id) => !listed.has(id));
}

function isFullListDue({ io }: PartUpdate, cursor: OsvCursor): boolean {
  return io.context.now().getTime() - (timeOf(cursor.listedAt) ?? 0) >= fullListEvery;
}
