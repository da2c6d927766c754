import { html, type Markup, type Piece } from '../markup.ts';

/** A table row that opens to show more; the whole is one `tbody`, the unit that filters hide and sorting moves. */
export interface DisclosureRow {
  /** What the filters of the page compare: words of `data-NAME`. */
  readonly data: Readonly<Record<string, string | number | undefined>>;
  /** The cell that names the row and opens it. */
  readonly label: Piece;
  readonly afterLabel?: Piece;
  /** Sorts the label's column where its text would not. */
  readonly labelSortKey?: string;
  readonly cells: readonly Markup[];
  readonly detail: Piece;
  readonly later: boolean;
}

/** Rows that a page with script shows before the reader asks for more; without script, and in print, all are shown. */
export const rowsAtFirst = 200;

export function disclosureRow(row: DisclosureRow): Markup {
  return html`<tbody${later(row.later)}${dataAttributes(row.data)}><tr class="row"><th scope="row"${sortKey(row.labelSortKey)}><details><summary>${row.label}</summary></details>${row.afterLabel}</th>${row.cells}</tr><tr class="sheet"><td colspan="${row.cells.length + 1}">${row.detail}</td></tr></tbody>\n`;
}

/** The same without anything to open. */
export function plainRow(row: Omit<DisclosureRow, 'detail'>): Markup {
  return html`<tbody${later(row.later)}${dataAttributes(row.data)}><tr class="row"><th scope="row"${sortKey(row.labelSortKey)}>${row.label}${row.afterLabel}</th>${row.cells}</tr></tbody>\n`;
}

/** A cell; `key` sorts its column where its text would not. */
export function cell(className: string, content: Piece, key?: string | number): Markup {
  return html`<td class="${className}"${sortKey(key)}>${content}</td>`;
}

function later(isLater: boolean): Markup | undefined {
  return isLater ? html` class="later"` : undefined;
}

function sortKey(key: string | number | undefined): Markup | undefined {
  return key === undefined ? undefined : html` data-key="${key}"`;
}

function dataAttributes(data: DisclosureRow['data']): readonly Markup[] {
  return Object.entries(data).flatMap(([name, value]) => (value === undefined ? [] : [html` data-${name}="${value}"`]));
}
