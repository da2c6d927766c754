/** What a record says in words about a vulnerability, as its publisher wrote it. */
export interface DescribedRecord {
  readonly summary?: string;
  readonly details?: string;
}

const maximum = 160;
const scanned = 2_000;

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

const anyId = String.raw`\b(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[0-9a-z]{4}){3}|[A-Z]{2,12}-\d{4}-\d{1,19})`;
const bug = String.raw`[([]?\b(?:closes|lp|bug):?\s*#?\d+(?:,\s*#?\d+)*[)\]]?`;
/** Words of sentences that only say that something is fixed. */
const empty =
  /^(?:address\w*|add\w*|advisor\w+|and|appl\w+|backport\w*|bugs?|cherry\w*|commits?|cves?|diff|fix\w*|following|for|from|git|in|import\w*|includ\w+|issues?|minor|multiple|new|of|our|patch\w*|pick\w*|pull\w*|refresh\w*|release[sd]?|resolv\w+|security|several|stable|the|this|to|update[sd]?|upload|upstream|version|vulnerabilit\w+|various|which|with)$/i;

function withoutIds(text: string, ids: readonly string[]): string | undefined {
  const own = ids.map(escaped).join('|');
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  if (!saysMore(line)) return undefined;
  // "CVE-2020-15094: …", "[CVE-…] …", "Fix CVE-…: …", and what stands in parentheses at the end.
  const start = new RegExp(
    String.raw`^(?:fix(?:e[sd])?\s+(?:for\s+)?)?[([]?(?:${own})[)\]]?(?:\s*[:;,–—-]\s+|\s+(?=[A-Z]))`,
    'i',
  );
  const end = new RegExp(String.raw`\s*[([](?:${own})[)\]][.\s]*$|\s*${bug}[.\s]*$`, 'i');
  let title = line;
  for (let before = ''; before !== title; ) {
    before = title;
    title = title.replace(start, '').replace(end, '').trim();
  }
  return saysMore(title) ? title : line;
}

function saysMore(text: string): boolean {
  const rest = text
    .replaceAll(new RegExp(String.raw`\S*${anyId}\S*`, 'gi'), ' ')
    .replaceAll(new RegExp(bug, 'gi'), ' ');
  return (rest.match(/\p{L}{2,}/gu) ?? []).some((word) => !empty.test(word));
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

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
