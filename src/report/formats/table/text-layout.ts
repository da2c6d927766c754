import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Characters that take one column each whatever follows them: Latin letters, and the signs that tables are made of. */
const plain = /^[\x20-\x7E\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2190-\u2193\u2500-\u259F]*$/;

/** Columns that the text takes on a terminal: wide East Asian characters and emoji take two. */
export function columns(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

/** The text with spaces added up to a width. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** The text on one line of at most so many columns; an ellipsis stands for what is cut. */
export function shortened(text: string, width: number): string {
  if (columns(text) <= width) return text;
  return `${startOf(text, width - 1).trimEnd()}…`;
}

/** The longest start of the text that fits, whole graphemes only. */
function startOf(text: string, width: number): string {
  if (plain.test(text)) return text.slice(0, Math.max(0, width));
  let start = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += columns(segment);
    if (used > width) break;
    start += segment;
  }
  return start;
}

/** Words on lines of at most so many columns, with a gap between them. A word that is wider than a line is broken. */
export function wrapped(words: readonly string[], width: number, gap = ' '): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.flatMap((item) => brokenUp(item, width))) {
    const longer = line === '' ? word : line + gap + word;
    if (line !== '' && columns(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function brokenUp(word: string, width: number): readonly string[] {
  const parts: string[] = [];
  let rest = word;
  while (columns(rest) > width) {
    // One grapheme can be wider than the whole line; it then stands alone.
    const part = startOf(rest, width) || (graphemes.segment(rest).containing(0)?.segment ?? rest);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return rest === '' && parts.length > 0 ? parts : [...parts, rest];
}

/** Items as words that `wrapped` can break between: each but the last with its comma. */
export function commaWords(items: readonly string[]): readonly string[] {
  return items.map((item, index) => (index < items.length - 1 ? `${item},` : item));
}
