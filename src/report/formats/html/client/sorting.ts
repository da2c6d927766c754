import type { Row } from './row-filters.ts';

export type Direction = 'ascending' | 'descending';
type Kind = 'text' | 'number' | 'natural';

/** Orders rows by the column's key, keeping the order of equals; the direction turns only what differs. */
export function sortRows(rows: readonly Row[], column: number, kind: Kind, direction: Direction): Row[] {
  const compare = comparers[kind];
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .map((row) => ({ row, key: keyOf(row, column) }))
    .sort((a, b) => sign * compare(a.key, b.key))
    .map(({ row }) => row);
}

function keyOf(row: Row, column: number): string {
  const cell = row.element.querySelector<HTMLTableRowElement>('tr.row')?.cells[column];
  return cell?.dataset['key'] ?? cell?.textContent.trim() ?? '';
}

const comparers: Readonly<Record<Kind, (a: string, b: string) => number>> = {
  text: (a, b) => compareText(a.toLowerCase(), b.toLowerCase()) || compareText(a, b),
  number: (a, b) => Number(a) - Number(b),
  natural: compareNatural,
};

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Runs of digits compare as numbers: CVE-2031-999 comes before CVE-2031-1000. */
function compareNatural(a: string, b: string): number {
  const left = runs(a);
  const right = runs(b);
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareRun(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function runs(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function compareRun(a: string, b: string): number {
  const bothNumbers = /^\d/.test(a) && /^\d/.test(b);
  return (bothNumbers ? Number(a) - Number(b) : 0) || compareText(a, b);
}

/** Turns each sortable heading into a button that tells its state (ARIA Authoring Practices, sortable table). */
export function addSortButtons(
  table: HTMLTableElement,
  onSort: (column: number, kind: Kind, direction: Direction) => void,
): void {
  const headings = [...table.querySelectorAll<HTMLTableCellElement>('th[data-sort]')];
  for (const heading of headings) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener('click', () => {
      const direction = heading.ariaSort === 'ascending' ? 'descending' : 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', direction);
      onSort(heading.cellIndex, heading.dataset['sort'] as Kind, direction);
    });
  }
}
