import type { RecordChange } from './changes.ts';
import { getFile, type PartUpdate } from './part-update.ts';
import type { ReadRecord, RecordReader } from './records.ts';

const requestsAtOnce = 8;
const recordBytes = 64 * 1024 ** 2;

export interface FetchedRecord {
  readonly id: string;
  /** Missing: listed, and not there. */
  readonly record: ReadRecord | 'missing';
}

/** Fetches changed records one by one, some at once. */
export async function fetchRecords(
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
  const response = await getFile(update, file, '');
  if (response.status !== 404) return reader.read(await response.bytes(recordBytes), file);
  await response.discard();
  return 'missing';
}
