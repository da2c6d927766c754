/** One upload of a source package. */
export interface ChangelogEntry {
  readonly source: string;
  readonly version: string;
  readonly distributions: readonly string[];
  /** Lower case; how soon the upload should migrate, which is no severity. */
  readonly urgency?: string;
  /** What was changed: the lines between header and trailer, as written. */
  readonly lines: readonly string[];
  /** As the trailer gives it (RFC 5322). */
  readonly date?: string;
}

export interface Changelog {
  /** Newest first, as written. */
  readonly entries: readonly ChangelogEntry[];
  /** Whether debhelper cut off older entries and said so (dh_installchangelogs(1)). */
  readonly trimmed: boolean;
}

const header = /^([a-z0-9][a-z0-9+.-]*) \(([^()\s]+)\)(.*)$/i;
const trailer = /^ --(?: .*?>)?[ \t]*,?[ \t]*(.*)$/;
const trimmedNote = '# Older entries have been removed from this changelog';

/**
 * Reads a Debian changelog (deb-changelog(5)); it takes any text and never throws.
 *
 * As in dpkg, only a line that starts in the first column can open an entry. What stands between a trailer and the
 * next header (editors' variables, notes in the formats of before 1996) belongs to no entry.
 */
export function parseChangelog(text: string): Changelog {
  const entries: ChangelogEntry[] = [];
  let open: { entry: ChangelogEntry; lines: string[] } | undefined;
  let trimmed = false;
  const close = (date?: string): void => {
    if (open !== undefined) entries.push({ ...open.entry, ...(date ? { date } : {}) });
    open = undefined;
  };
  for (const line of text.split('\n').map(withoutReturn)) {
    const entry = line.startsWith(' ') ? undefined : parseHeader(line);
    if (entry !== undefined) {
      close();
      const lines: string[] = [];
      open = { entry: { ...entry, lines }, lines };
    } else if (line.startsWith(' --')) close(trailer.exec(line)?.[1]?.trim());
    else if (line.startsWith(trimmedNote)) trimmed = true;
    else open?.lines.push(line);
  }
  close();
  return { entries, trimmed };
}

function parseHeader(line: string): Omit<ChangelogEntry, 'lines'> | undefined {
  const [, source, version, rest = ''] = header.exec(line) ?? [];
  if (source === undefined || version === undefined) return undefined;
  const semicolon = rest.indexOf(';');
  const distributions = semicolon < 0 ? rest : rest.slice(0, semicolon);
  const urgency = semicolon < 0 ? undefined : /\burgency=([a-z]+)/i.exec(rest.slice(semicolon))?.[1];
  return {
    source,
    version,
    distributions: distributions.split(/\s+/).filter((name) => name !== ''),
    ...(urgency === undefined ? {} : { urgency: urgency.toLowerCase() }),
  };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
