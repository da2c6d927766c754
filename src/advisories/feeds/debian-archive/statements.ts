/** One item of a changelog entry, its wrapped lines joined. */
export interface Statement {
  readonly text: string;
  /** The items that it stands under, outermost first. */
  readonly headings: readonly string[];
}

interface Item {
  readonly indent: number;
  readonly headings: readonly string[];
  readonly labelled: boolean;
  text: string;
}

const bullet = /^(\s*)(?:[*+\-~o·•]|\d{1,2}[.)])\s+(.*)$/;
/** Who made the changes that follow: `[ Salvatore Bonaccorso ]`. */
const author = /^\s{0,3}\[ [^\]]*\]\s*$/;
const label =
  /^\[?[Cc][Vv][Ee]-\d{4}-\d{4,7}\]?(?:[, /]+\[?[Cc][Vv][Ee]-\d{4}-\d{4,7}\]?)*\s*(?::|-\s|–|\s\(|\s[A-Z][a-z]|$)/;
const unfinished =
  /(?:[,/&(]|\b(?:by|of|for|to|in|with|and|or|the|from|against|fix(?:es|ed|ing)?|address(?:es|ed|ing)?|as|see|patch(?:es)?))$/i;
const brokenId = /\bCVE-(?:\d{4}-?)?$/i;

/**
 * Splits the lines of a changelog entry into statements.
 *
 * A bullet opens a statement and lines without one continue it, as do paragraphs that are indented deeper than the
 * bullet; a deeper bullet stands under it. A line that starts with an id as a label (`CVE-2024-1234: …`) is an item of
 * its own under the bullet. An id that was broken across lines is put together.
 */
export function statementsOf(lines: readonly string[]): readonly Statement[] {
  const items: Item[] = [];
  const open: Item[] = [];
  let afterBlank = false;
  for (const raw of lines) {
    const line = raw.replaceAll('\t', '        ').trimEnd();
    if (line === '' || author.test(line)) {
      if (line !== '') open.length = 0;
      afterBlank = true;
      continue;
    }
    const [, space = '', content] = bullet.exec(line) ?? [];
    const current = open.at(-1);
    const indent = content === undefined ? line.length - line.trimStart().length : space.length;
    const text = content ?? line.trimStart();
    if (content !== undefined || current === undefined) openItem(items, open, indent, text, false);
    else if (afterBlank && indent <= current.indent) openItem(items, open, indent, text, false);
    else if (isLabelled(text, current.text)) openItem(items, open, labelDepth(current), text, true);
    else current.text = continued(current.text, text);
    afterBlank = false;
  }
  return items.map(({ text, headings }) => ({ text, headings }));
}

function openItem(items: Item[], open: Item[], indent: number, text: string, labelled: boolean): void {
  while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
  const item = { indent, text, labelled, headings: open.map((above) => above.text) };
  items.push(item);
  open.push(item);
}

/** Labelled items stand under their bullet and beside each other, before any bullet that is indented deeper. */
function labelDepth(current: Item): number {
  return current.labelled ? current.indent : current.indent + 0.5;
}

function isLabelled(text: string, before: string): boolean {
  return label.test(text) && !unfinished.test(before);
}

function continued(before: string, text: string): string {
  return brokenId.test(before) ? before + text : `${before} ${text}`;
}
