import type { HttpResponse } from '../../../net/http.ts';
import type { Advisory } from '../../model.ts';
import type { PartWrite } from '../../store.ts';
import { readArchive, withSpooled } from './archive.ts';
import { readChangeList } from './change-list.ts';
import { newestAfter, newestOf, type OsvCursor, osvFeedVersion, usableCursor } from './cursor.ts';
import { fetchRecords } from './fetch-records.ts';
import { getFile, type PartUpdate, tagOf, timeOfUpdate } from './part-update.ts';
import { createRecordReader } from './records.ts';

/** Up to this many changed records are fetched one by one; with more, the archive is the smaller download. */
const fewChanges = 200;

export type PartAnswer = 'updated' | 'not-published';

/**
 * Brings one part up to date. Throws when the export cannot be read; the part is then as it was.
 *
 * 1. Without a beginning to go on from: the archive.
 * 2. Else the list of changes, if it changed. The few records that it names are fetched and merged.
 * 3. With many, or where list and records disagree, the archive decides.
 */
export async function updateOsvPart(update: PartUpdate): Promise<PartAnswer> {
  const cursor = usableCursor(update);
  return cursor === undefined ? fetchArchive(update) : fetchChanges(update, cursor);
}

async function fetchArchive(update: PartUpdate): Promise<PartAnswer> {
  const response = await getFile(update, 'all.zip', '');
  return response.status === 404 ? notPublished(response) : takeArchive(update, response);
}

async function takeArchive(update: PartUpdate, response: HttpResponse): Promise<PartAnswer> {
  const reader = await createRecordReader(update.name, update.io.report);
  const { signal } = update.io.context;
  await withSpooled(update.io.store.directory, response, update.onProgress, (file) =>
    update.io.store.replace({
      ...partWrite(update),
      advisories: readArchive(file, reader, { what: response.url, signal }),
      cursor: () => ({
        url: update.base,
        archiveTag: tagOf(response),
        listTag: '',
        listedAt: timeOfUpdate(update),
        ...newestOf(reader, response),
      }),
    }),
  );
  return 'updated';
}

async function fetchChanges(update: PartUpdate, cursor: OsvCursor): Promise<PartAnswer> {
  const response = await getFile(update, 'modified_id.csv', cursor.listTag);
  if (response.status === 304) return merge(update, { advisories: [], removed: [], cursor });
  if (response.status !== 404) return takeChanges(update, cursor, response);
  await response.discard();
  return refreshArchive(update, { advisories: [], removed: [], cursor });
}

async function takeChanges(update: PartUpdate, cursor: OsvCursor, response: HttpResponse): Promise<PartAnswer> {
  const { changed, vanished, whole } = await readChangeList(update, cursor, response, fewChanges);
  if (changed.length > fewChanges || isSuspicious(update, vanished)) return fetchArchive(update);
  const reader = await createRecordReader(update.name, update.io.report);
  const fetched = await fetchRecords(update, changed, reader);
  // A record that became unreadable stays as it was: dropping it would hide what it said.
  const advisories = fetched.flatMap(({ record }) => (typeof record === 'object' ? [record] : []));
  const withdrawn = fetched.flatMap(({ id, record }) => (record === 'withdrawn' ? [id] : []));
  const changes = { advisories, removed: [...withdrawn, ...vanished] };
  // The cursor stays where it was as long as something listed is missing, so that it is looked for again.
  if (fetched.some(({ record }) => record === 'missing')) return refreshArchive(update, { ...changes, cursor });
  const listedAt = whole ? timeOfUpdate(update) : cursor.listedAt;
  const next = { ...cursor, listTag: tagOf(response), listedAt, ...newestAfter(cursor, reader, response) };
  return merge(update, { ...changes, cursor: next });
}

/** What a merge does to the part. */
interface PartChanges {
  readonly advisories: readonly Advisory[];
  readonly removed: readonly string[];
  readonly cursor: OsvCursor;
}

/** The archive decides where the list does not, or where there is none; if it did not change, these changes stand. */
async function refreshArchive(update: PartUpdate, changes: PartChanges): Promise<PartAnswer> {
  const response = await getFile(update, 'all.zip', changes.cursor.archiveTag);
  if (response.status === 304) return merge(update, changes);
  return response.status === 404 ? notPublished(response) : takeArchive(update, response);
}

/** A list that lacks half of the records is rather a broken list than that many records gone. */
function isSuspicious({ io, name }: PartUpdate, vanished: readonly string[]): boolean {
  return vanished.length * 2 > (io.store.part('osv', name)?.records ?? 0);
}

async function merge(update: PartUpdate, changes: PartChanges): Promise<PartAnswer> {
  await update.io.store.merge({ ...partWrite(update), ...changes });
  return 'updated';
}

function partWrite(update: PartUpdate): Omit<PartWrite, 'advisories' | 'cursor'> {
  return { feed: 'osv', part: update.name, feedVersion: osvFeedVersion, updatedAt: timeOfUpdate(update) };
}

async function notPublished(response: HttpResponse): Promise<PartAnswer> {
  await response.discard();
  return 'not-published';
}
