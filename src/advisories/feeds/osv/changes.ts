import { CinzelError } from '../../../core/errors.ts';

/** A line of `modified_id.csv` (google.github.io/osv.dev/data): when a record last changed, and its id. */
export interface RecordChange {
  readonly modified: string;
  readonly id: string;
}

/** Longer than any line that means something; a list without line ends is not collected in memory. */
const longestLine = 4_096;

/** The lines of the list, newest first, as they come. Lines that are none are passed over. */
export async function* readChanges(body: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<RecordChange> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new CinzelError('untrusted.malformed', { what, problem: 'long-line' });
    for (const line of lines) yield* readChange(line);
  }
  yield* readChange(rest);
}

function* readChange(line: string): Generator<RecordChange> {
  const comma = line.indexOf(',');
  const modified = line.slice(0, comma).trim();
  const id = line.slice(comma + 1).trim();
  if (comma > 0 && id !== '' && timeOf(modified) !== undefined) yield { modified, id };
}

/** Milliseconds since the epoch; undefined for what is no time. */
export function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
