import type { HttpResponse } from '../../../net/http.ts';
import type { FeedIo } from '../../feed.ts';
import type { Advisory } from '../../model.ts';
import type { FeedCursor, PartWrite } from '../../store.ts';
import { readArchive, withSpooled } from './archive.ts';
import { type RecordChange, readChanges, timeOf } from './changes.ts';
import { createRecordReader, type ReadRecord, type RecordReader } from './records.ts';

/** Raise it when the same records give other advisories. */
export const osvFeedVersion = 1;

/** Up to this many changed records are fetched one by one; with more, the archive is the smaller download. */
const fewChanges = 200;
const requestsAtOnce = 8;
const recordBytes = 64 * 1024 ** 2;
/** The whole list is read this often, to find records that vanished without being withdrawn. */
const fullListEvery = 7 * 24 * 60 * 60 * 1000;

export type PartAnswer = 'updated' | 'not-published';

/** What one update of one ecosystem works on. */
export interface PartUpdate {
  /** Base address of the export, without a slash at its end. */
  readonly base: string;
  /** The ecosystem, without suffix. */
  readonly name: string;
  readonly io: FeedIo;
  readonly onProgress: (bytes: number) => void;
}

/** Where a part stands; every value is text, as cursors are. */
interface OsvCursor extends FeedCursor {
  /** Base address: data of another one is no beginning to go on from. */
  readonly url: string;
  /** The newest `modified` that was seen. */
  readonly newest: string;
  /** ETags, or Last-Modified dates, of the two files. */
  readonly archiveTag: string;
  readonly listTag: string;
  /** When the whole list was last known. */
  readonly listedAt: string;
  /** Ids, separated by spaces, of records of the newest time that are not in the store because they are withdrawn. */
  readonly withdrawn: string;
}

/** Brings one part up to date. Throws when the export cannot be read; the part is then as it was. */
export async function updateOsvPart(update: PartUpdate): Promise<PartAnswer> {
  const cursor = usableCursor(update);
  return cursor === undefined ? fetchArchive(update) : fetchChanges(update, cursor);
}

function usableCursor({ base, name, io }: PartUpdate): OsvCursor | undefined {
  const part = io.store.part('osv', name);
  if (part === undefined || part.feedVersion !== osvFeedVersion || part.cursor['url'] !== base) return undefined;
  return part.cursor as OsvCursor;
}

async function fetchArchive(update: PartUpdate): Promise<PartAnswer> {
  const response = await get(update, 'all.zip', undefined);
  return response.status === 404 ? notPublished(response) : takeArchive(update, response);
}

async function takeArchive(update: PartUpdate, response: HttpResponse): Promise<PartAnswer> {
  const reader = await createRecordReader(update.name, update.io.report);
  await withSpooled(update.io.store.directory, response, update.onProgress, (path) =>
    update.io.store.replace({
      ...partWrite(update),
      advisories: readArchive(path, response.url, reader),
      cursor: () => ({
        url: update.base,
        newest: reader.newest(),
        archiveTag: tagOf(response),
        listTag: '',
        listedAt: now(update),
        withdrawn: reader.newestWithdrawn().join(' '),
      }),
    }),
  );
  return 'updated';
}

async function fetchChanges(update: PartUpdate, cursor: OsvCursor): Promise<PartAnswer> {
  const response = await get(update, 'modified_id.csv', cursor.listTag);
  if (response.status === 404) {
    await response.discard();
    return refreshArchive(update, unchanged(cursor));
  }
  if (response.status === 304) return merge(update, unchanged(cursor));
  const whole = isFullListDue(update, cursor);
  const { changed, listed } = await readList(update, cursor, response, whole);
  if (changed.length > fewChanges || (whole && isSuspicious(update, listed))) return fetchArchive(update);
  const reader = await createRecordReader(update.name, update.io.report);
  const fetched = await fetchRecords(update, changed, reader);
  // A record that became unreadable stays as it was: dropping it would hide what it said.
  const kept = fetched.flatMap(({ record }) => (typeof record === 'object' ? [record] : []));
  const gone = fetched.flatMap(({ id, record }) => (record === 'withdrawn' ? [id] : []));
  const changes: PartChanges = {
    advisories: kept,
    removed: whole ? [...gone, ...vanished(update, listed)] : gone,
    cursor: {
      ...cursor,
      listTag: tagOf(response),
      listedAt: whole ? now(update) : cursor.listedAt,
      ...newestAfter(cursor, reader),
    },
  };
  const missing = fetched.some(({ record }) => record === 'missing');
  return missing ? refreshArchive(update, changes) : merge(update, changes);
}

/** The archive decides where the list does not, or where there is none; if it did not change, these changes stand. */
async function refreshArchive(update: PartUpdate, changes: PartChanges): Promise<PartAnswer> {
  const response = await get(update, 'all.zip', changes.cursor.archiveTag);
  if (response.status === 304) return merge(update, changes);
  return response.status === 404 ? notPublished(response) : takeArchive(update, response);
}

/** What a merge does to the part. */
interface PartChanges {
  readonly advisories: readonly Advisory[];
  readonly removed: readonly string[];
  readonly cursor: OsvCursor;
}

function unchanged(cursor: OsvCursor): PartChanges {
  return { advisories: [], removed: [], cursor };
}

interface ReadList {
  /** Records that are not in the store as the list has them, newest first. */
  readonly changed: readonly RecordChange[];
  /** Every id; only when the whole list was asked for. */
  readonly listed: ReadonlySet<string>;
}

/** Reads the list down to what is known already, or to its end. */
async function readList(
  update: PartUpdate,
  cursor: OsvCursor,
  response: HttpResponse,
  whole: boolean,
): Promise<ReadList> {
  const changed: RecordChange[] = [];
  const listed = new Set<string>();
  const known = timeOf(cursor.newest) ?? 0;
  for await (const change of readChanges(response.body, response.url)) {
    const isKnown = (timeOf(change.modified) ?? 0) < known;
    if (isKnown && !whole) break;
    if (whole) listed.add(change.id);
    if (!isKnown && changed.length <= fewChanges && !isStored(update, cursor, change)) changed.push(change);
  }
  return { changed, listed };
}

/** Several records share the newest time, so those of that very time are looked at one by one. */
function isStored({ io }: PartUpdate, cursor: OsvCursor, { id, modified }: RecordChange): boolean {
  if (timeOf(modified) === timeOf(cursor.newest) && cursor.withdrawn.split(' ').includes(id)) return true;
  const stored = io.store.get(id, 'osv');
  return stored !== undefined && timeOf(stored.modified) === timeOf(modified);
}

interface FetchedRecord {
  readonly id: string;
  readonly record: ReadRecord | 'missing';
}

async function fetchRecords(
  update: PartUpdate,
  changes: readonly RecordChange[],
  reader: RecordReader,
): Promise<readonly FetchedRecord[]> {
  const waiting = changes.values();
  const fetched: FetchedRecord[] = [];
  const work = async (): Promise<void> => {
    for (const { id } of waiting) fetched.push({ id, record: await fetchRecord(update, id, reader) });
  };
  await Promise.all(Array.from({ length: Math.min(requestsAtOnce, changes.length) }, work));
  return fetched;
}

async function fetchRecord(update: PartUpdate, id: string, reader: RecordReader): Promise<FetchedRecord['record']> {
  const file = `${encodeURIComponent(id)}.json`;
  const response = await get(update, file, undefined);
  if (response.status !== 404) return reader.read(await response.bytes(recordBytes), file);
  await response.discard();
  return 'missing';
}

function vanished({ io, name }: PartUpdate, listed: ReadonlySet<string>): readonly string[] {
  return io.store.ids('osv', name).filter((id) => !listed.has(id));
}

/** A list that lacks half of the records is rather a broken list than that many records gone. */
function isSuspicious({ io, name }: PartUpdate, listed: ReadonlySet<string>): boolean {
  return listed.size * 2 < (io.store.part('osv', name)?.records ?? 0);
}

function isFullListDue({ io }: PartUpdate, cursor: OsvCursor): boolean {
  return io.context.now().getTime() - (timeOf(cursor.listedAt) ?? 0) >= fullListEvery;
}

async function merge(update: PartUpdate, changes: PartChanges): Promise<PartAnswer> {
  await update.io.store.merge({ ...partWrite(update), ...changes });
  return 'updated';
}

function partWrite(update: PartUpdate): Omit<PartWrite, 'advisories' | 'cursor'> {
  return { feed: 'osv', part: update.name, feedVersion: osvFeedVersion, updatedAt: now(update) };
}

/** A file of the part; 304 and 404 are answers. */
function get({ base, name, io }: PartUpdate, file: string, tag: string | undefined): Promise<HttpResponse> {
  return io.http.request(`${base}/${encodeURIComponent(name)}/${file}`, {
    headers: tag ? conditionFor(tag) : {},
    accept: [304, 404],
    signal: io.context.signal,
  });
}

function conditionFor(tag: string): Readonly<Record<string, string>> {
  return /^(?:W\/)?"/.test(tag) ? { 'if-none-match': tag } : { 'if-modified-since': tag };
}

function tagOf({ headers }: HttpResponse): string {
  return headers['etag'] ?? headers['last-modified'] ?? '';
}

async function notPublished(response: HttpResponse): Promise<PartAnswer> {
  await response.discard();
  return 'not-published';
}

/** The newest time after some records were read, and which withdrawn ones are of that time. */
function newestAfter(cursor: OsvCursor, reader: RecordReader): Pick<OsvCursor, 'newest' | 'withdrawn'> {
  const before = timeOf(cursor.newest) ?? 0;
  const after = timeOf(reader.newest()) ?? 0;
  if (after < before) return { newest: cursor.newest, withdrawn: cursor.withdrawn };
  const ids = [...(after === before ? cursor.withdrawn.split(' ') : []), ...reader.newestWithdrawn()];
  return { newest: reader.newest(), withdrawn: [...new Set(ids)].filter((id) => id !== '').join(' ') };
}

function now({ io }: PartUpdate): string {
  return io.context.now().toISOString();
}
