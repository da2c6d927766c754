/**
 * One paragraph of a deb822 document (deb822(5); Debian Policy 5.1). A value is what follows the colon, trimmed; each
 * further line of it follows after a newline, without the one space or tab that marks it as a continuation.
 */
export interface Stanza {
  /** The value of a field, its name in any case; of a field that is written twice, the first. */
  get(name: string): string | undefined;
  /** Names of the fields in lower case, as they come. */
  names(): Iterable<string>;
}

export interface Deb822Options {
  /** Read only these fields; the others of a large index then cost little. */
  readonly fields?: readonly string[];
  /** Takes each line that is neither field, continuation, comment nor blank; it is skipped. */
  readonly malformed?: (line: string) => void;
}

/** The stanzas of a document, lazily, so that the caller may stop early. Never throws. */
export function* parseDeb822(document: string | Uint8Array, options: Deb822Options = {}): Generator<Stanza> {
  const wanted = wantedFields(options);
  if (typeof document === 'string') yield* stanzas(document, wanted, options);
  else for (const segment of segments(document)) yield* stanzas(segment, wanted, options);
}

/**
 * The stanzas of a document that arrives in chunks, as many at once as a chunk completes. Memory holds a chunk and
 * the stanza that it leaves unfinished.
 */
export async function* streamDeb822(
  chunks: AsyncIterable<Uint8Array>,
  options: Deb822Options = {},
): AsyncGenerator<readonly Stanza[]> {
  let pending: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const gap = asBuffer(chunk).lastIndexOf('\n\n');
    if (gap < 0) {
      pending.push(chunk);
      continue;
    }
    yield [...parseDeb822(Buffer.concat([...pending, chunk.subarray(0, gap + 1)]), options)];
    pending = [chunk.subarray(gap + 1)];
  }
  yield [...parseDeb822(Buffer.concat(pending), options)];
}

const segmentBytes = 64 * 1024;

/** Whole stanzas as text, some 64 KiB at a time: a document of 60 MB is never decoded at once. */
function* segments(bytes: Uint8Array): Generator<string> {
  const buffer = asBuffer(bytes);
  for (let start = 0; start < buffer.length; ) {
    const gap = buffer.indexOf('\n\n', Math.min(start + segmentBytes, buffer.length));
    const end = gap < 0 ? buffer.length : gap + 1;
    yield buffer.toString('utf8', start, end);
    start = end;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function wantedFields({ fields }: Deb822Options): ReadonlySet<string> | undefined {
  return fields && new Set(fields.map((name) => name.toLowerCase()));
}

/** A stanza under construction. */
interface Draft {
  readonly values: Map<string, string>;
  /** Whether a field has been seen, wanted or not. */
  started: boolean;
  /** The field that a continuation line belongs to; undefined when it is not kept. */
  field: string | undefined;
}

function* stanzas(
  text: string,
  wanted: ReadonlySet<string> | undefined,
  { malformed }: Deb822Options,
): Generator<Stanza> {
  let draft = newDraft();
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (isBlank(text, start, end)) {
      if (draft.started) yield stanzaOf(draft);
      if (draft.started) draft = newDraft();
    } else {
      const line = text.slice(start, end);
      if (!addLine(draft, line, wanted)) malformed?.(line);
    }
  }
  if (draft.started) yield stanzaOf(draft);
}

function newDraft(): Draft {
  return { values: new Map(), started: false, field: undefined };
}

function stanzaOf({ values }: Draft): Stanza {
  return { get: (name) => values.get(name.toLowerCase()), names: () => values.keys() };
}

/** Takes a line into the stanza; false when it makes no sense there. */
function addLine(draft: Draft, line: string, wanted: ReadonlySet<string> | undefined): boolean {
  // A comment does not end the value around it.
  if (line.startsWith('#')) return true;
  if (isSpace(line.charCodeAt(0))) return continueField(draft, line.slice(1));
  const colon = line.indexOf(':');
  draft.field = undefined;
  if (colon <= 0) return false;
  draft.started = true;
  const name = line.slice(0, colon).trimEnd().toLowerCase();
  if (wanted?.has(name) === false || draft.values.has(name)) return true;
  draft.values.set(name, line.slice(colon + 1).trim());
  draft.field = name;
  return true;
}

function continueField(draft: Draft, line: string): boolean {
  if (!draft.started) return false;
  if (draft.field === undefined) return true;
  draft.values.set(draft.field, `${draft.values.get(draft.field) ?? ''}\n${line.trimEnd()}`);
  return true;
}

/** Policy 5.1: a line of nothing but spaces and tabs separates stanzas too. */
function isBlank(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (!isSpace(text.charCodeAt(index))) return false;
  return true;
}

/** Space, tab, or the carriage return of a line that ends as Windows ends lines. */
function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}
