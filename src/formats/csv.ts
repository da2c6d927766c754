/** The rows of a CSV text (RFC 4180), lazily; a quote that is never closed reaches to the end. */
export function* parseCsv(text: string): Generator<readonly string[]> {
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    const quoted = text[at] === '"';
    const { field, end } = quoted ? quotedField(text, at + 1) : plainField(text, at);
    row.push(field);
    const isLast = text[end] !== ',';
    at = end + 1;
    if (!isLast && at < text.length) continue;
    if (!isLast) row.push('');
    if (row.length > 1 || row[0] !== '') yield row;
    row = [];
  }
}

interface Field {
  readonly field: string;
  /** Index of the comma or line end after it. */
  readonly end: number;
}

function plainField(text: string, start: number): Field {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
  return { field: text.slice(start, end).replace(/\r$/, ''), end };
}

/** Two quotes stand for one; what is between the closing quote and the next comma or line end is no content. */
function quotedField(text: string, start: number): Field {
  let field = '';
  for (let at = start; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { field: field + text.slice(at), end: text.length };
    field += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { field, end: plainField(text, quote + 1).end };
    field += '"';
    at = quote + 2;
  }
}
