/** What a record says in words about a vulnerability, as its publisher wrote it. */
export interface DescribedRecord {
  readonly summary?: string;
  readonly details?: string;
}

const maximum = 160;
const scanned = 800;

/**
 * One line that says what a vulnerability is: the first summary, else the first sentence of the details, that tells
 * more than ids. Undefined when none does: "Fix CVE-2024-1234" says nothing that the id beside it does not.
 */
export function titleOf(records: readonly DescribedRecord[], ids: readonly string[]): string | undefined {
  const texts = [...records.map(({ summary }) => summary), ...records.map(({ details }) => firstSentence(details))];
  for (const text of texts) {
    const title = text === undefined ? undefined : withoutIds(text.slice(0, scanned), ids);
    if (title !== undefined) return shortened(title);
  }
  return undefined;
}

const anyId = /\b(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[0-9a-z]{4}){3}|[A-Z]{2,12}-\d{4}-\d{1,19})/i;
const bug = String.raw`[([]?\b(?:closes|lp|bug):?\s*#?\d+(?:,\s*#?\d+)*[)\]]?`;
const bugs = new RegExp(bug, 'gi');
/** Words of sentences that only say that something is fixed. */
const empty =
  /^(?:address\w*|add\w*|advisor\w+|and|appl\w+|backport\w*|bugs?|cherry\w*|commits?|cves?|diff|fix\w*|following|for|from|git|in|import\w*|includ\w+|issues?|minor|multiple|new|of|our|patch\w*|pick\w*|pull\w*|refresh\w*|release[sd]?|resolv\w+|security|several|stable|the|this|to|update[sd]?|upload|upstream|version|vulnerabilit\w+|various|which|with)$/i;

/** "CVE-2020-15094: …", "[CVE-…] …", "Fix CVE-…: …": the id is the group. */
const idAtStart = /^(?:fix(?:e[sd])?\s+(?:for\s+)?)?[([]?([\w-]{1,60})[)\]]?(?:\s*[:;,–—-]\s+|\s+(?=\p{Lu}))/iu;
/** What stands in parentheses at the end: an id, which is the group. */
const idAtEnd = / ?[([]([\w-]{1,60})[)\]][. ]*$/;
const bugAtEnd = new RegExp(` ?${bug}[. ]*$`, 'i');
/** What stands at the end is looked for in this much of it. */
const tail = 200;

function withoutIds(text: string, ids: readonly string[]): string | undefined {
  const own = new Set(ids.map((id) => id.toLowerCase()));
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  if (!saysMore(line)) return undefined;
  let title = line;
  for (let before = ''; before !== title; ) {
    before = title;
    title = withoutEnd(withoutStart(title, own), own).trim();
  }
  return title === line || saysMore(title) ? title : line;
}

function withoutStart(text: string, own: ReadonlySet<string>): string {
  const [found, id = ''] = idAtStart.exec(text) ?? [''];
  return own.has(id.toLowerCase()) ? text.slice(found.length) : text;
}

function withoutEnd(text: string, own: ReadonlySet<string>): string {
  const end = text.slice(-tail);
  const [found, id = ''] = idAtEnd.exec(end) ?? [''];
  const known = own.has(id.toLowerCase()) ? found : (bugAtEnd.exec(end)?.[0] ?? '');
  return text.slice(0, text.length - known.length);
}

function saysMore(text: string): boolean {
  return text
    .replaceAll(bugs, ' ')
    .split(' ')
    .some((word) => !anyId.test(word) && (word.match(/\p{L}{2,}/gu) ?? []).some((part) => !empty.test(part)));
}

/** `openssl (3.0.15-1): `, before what a changelog says. */
const changelogHead = /^[a-z0-9][\w.+-]{0,100} \([^()\s]{1,100}\): /;

function firstSentence(details: string | undefined): string | undefined {
  const lines = details?.slice(0, scanned).split('\n') ?? [];
  const prose = lines.find((line) => /^\s*[\p{L}"'`(]/u.test(line));
  return prose
    ?.replace(changelogHead, '')
    .replace(/(?<=[\p{Ll}\d)`]{2})\.\s.*$/su, '')
    .replace(/\.\s*$/, '');
}

function shortened(text: string): string {
  return text.length <= maximum ? text : `${text.slice(0, maximum - 1).trimEnd()}…`;
}
