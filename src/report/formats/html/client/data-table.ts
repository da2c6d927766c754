import { fillText } from './fill-text.ts';
import { isChanged, matches, type Query, type Row, readQuery, resetControls, setFilter } from './row-filters.ts';
import { addSortButtons, sortRows } from './sorting.ts';

/** A table that can be searched, filtered and sorted. */
export interface DataTable {
  readonly section: Element | null;
  /** Shows only the rows whose filter has this value. */
  readonly narrow: (filter: string, value: string) => void;
}

/** Rows laid out at once: what a reader sees without asking for more. The page holds the later ones back itself. */
const rowsAtOnce = 200;
const typingPause = 120;

/** Makes a table sortable and gives life to its controls, if the page has any for it. */
export function enhanceTable(table: HTMLTableElement): DataTable {
  const parts = findParts(table);
  const { tools } = parts;
  let rows: Row[] = [...table.tBodies].map((element) => ({ element, text: undefined }));
  let limit = rowsAtOnce;

  const update = (): void => show(parts, rows, readQuery(tools), limit);
  const updateFromStart = (): void => {
    limit = rowsAtOnce;
    update();
  };
  const showUpTo = (count: number): void => {
    limit = count;
    update();
  };

  addSortButtons(table, (column, kind, direction) => {
    rows = sortRows(rows, column, kind, direction);
    table.append(...rows.map((row) => row.element));
    update();
  });
  tools.addEventListener('input', pausing(updateFromStart, typingPause));
  parts.clear?.addEventListener('click', () => {
    resetControls(tools);
    updateFromStart();
    tools.querySelector('input')?.focus();
  });
  parts.more?.addEventListener('click', () => showUpTo(limit + rowsAtOnce));
  parts.all?.addEventListener('click', () => showUpTo(Number.POSITIVE_INFINITY));
  tools.hidden = false;
  update();

  return {
    section: table.closest('section'),
    narrow: (filter, value) => {
      resetControls(tools);
      setFilter(tools, filter, value);
      updateFromStart();
    },
  };
}

interface Parts {
  readonly tools: HTMLElement;
  readonly status: HTMLElement | null;
  readonly empty: HTMLElement | null;
  readonly pages: HTMLElement | null;
  readonly more: HTMLElement | null;
  readonly all: HTMLElement | null;
  readonly clear: HTMLElement | null;
}

function findParts(table: HTMLTableElement): Parts {
  const around = table.closest('.part, section');
  const find = (name: string): HTMLElement | null => around?.querySelector<HTMLElement>(`[data-${name}]`) ?? null;
  return {
    // A short table has no controls: an empty element asks for nothing.
    tools: find('tools') ?? document.createElement('div'),
    status: find('status'),
    empty: find('empty'),
    pages: find('pages'),
    more: find('more'),
    all: find('all'),
    clear: find('clear'),
  };
}

function show(parts: Parts, rows: readonly Row[], query: Query, limit: number): void {
  let matched = 0;
  for (const row of rows) {
    const isMatch = matches(row, query);
    if (isMatch) matched += 1;
    row.element.hidden = !isMatch;
    row.element.classList.toggle('later', isMatch && matched > limit);
  }
  const rest = Math.max(0, matched - limit);
  fillText(parts.status, { matched, total: rows.length });
  fillText(parts.more, { count: Math.min(rest, rowsAtOnce) });
  fillText(parts.all, { count: matched });
  setHidden(parts.empty, matched > 0);
  setHidden(parts.pages, rest === 0);
  setHidden(parts.clear, !isChanged(parts.tools));
}

function setHidden(element: HTMLElement | null, hidden: boolean): void {
  if (element !== null) element.hidden = hidden;
}

/** Waits until the reader stops typing, so that each letter does not lay out the table again. */
function pausing(action: () => void, milliseconds: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}
