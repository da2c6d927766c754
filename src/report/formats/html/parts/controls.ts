import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';

/** A filter of one table: a row passes when one of its words in `data-NAME` is among those of the chosen option. */
export interface Filter {
  readonly name: string;
  readonly label: string;
  readonly options: readonly FilterOption[];
}

interface FilterOption {
  /** Words, separated by spaces. */
  readonly value: string;
  readonly label: string;
  /** Chosen at first, where that is not "all". */
  readonly isDefault?: boolean;
}

export interface Controls {
  readonly searchHint: string;
  /** Texts with `{matched}` and `{total}`. */
  readonly status: string;
  /** Shown as buttons that can be on together. */
  readonly toggles?: Filter;
  readonly choices: readonly Filter[];
  /** Rows of the table, when few of them need no search; absent when the controls are always wanted. */
  readonly rows?: number;
}

/** Rows from which a search saves time; fewer are read at a glance. */
const searchedFrom = 10;

/** Search and filters of the table that follows. They need the script, which shows them. */
export function controls(page: Page, id: string, parts: Controls): Markup | undefined {
  if ((parts.rows ?? searchedFrom) < searchedFrom) return undefined;
  const { texts } = page;
  return html`<div class="tools" role="search" aria-label="${texts.table.filters}" data-tools hidden>
<div class="field search"><label for="${id}-search">${texts.table.search}</label><input type="search" id="${id}-search" placeholder="${parts.searchHint}" autocomplete="off" spellcheck="false"></div>
${parts.choices.map((filter) => choice(page, `${id}-${filter.name}`, filter))}${toggles(parts.toggles)}<button type="button" class="clear" data-clear hidden>${texts.table.clear}</button>
</div>
<p class="status" role="status" data-status data-text="${parts.status}"></p>`;
}

function choice(page: Page, id: string, filter: Filter): Markup {
  const all = filter.options.some((option) => option.isDefault && option.value === '');
  const first = all ? undefined : html`<option value="">${page.texts.table.all}</option>`;
  const options = filter.options.map(
    (option) =>
      html`<option value="${option.value}"${option.isDefault ? html` selected` : undefined}>${option.label}</option>`,
  );
  return html`<div class="field"><label for="${id}">${filter.label}</label><select id="${id}" data-filter="${filter.name}">${first}${options}</select></div>`;
}

function toggles(filter: Filter | undefined): Markup | undefined {
  if (filter === undefined) return undefined;
  const boxes = filter.options.map(
    (option) =>
      html`<label class="toggle"><input type="checkbox" value="${option.value}"><span>${option.label}</span></label>`,
  );
  return html`<fieldset class="toggles" data-filter="${filter.name}"><legend>${filter.label}</legend>${boxes}</fieldset>`;
}

/** What the script shows under a table when rows are held back or none is left. */
export function tableFoot(page: Page): Markup {
  const { texts } = page;
  return html`<p class="empty" data-empty hidden>${texts.table.empty}</p><p class="pages" data-pages hidden><button type="button" data-more data-text="${texts.table.showMore}"></button><button type="button" data-all data-text="${texts.table.showAll}"></button></p>`;
}

/** A column heading that the script makes sortable; `first` is the direction of its first sort. */
export function sortable(label: string, kind: 'text' | 'number' | 'natural', className?: string): Markup {
  return html`<th scope="col" data-sort="${kind}"${className === undefined ? undefined : html` class="${className}"`}>${label}</th>`;
}

/** The layers that some row names, as a filter. */
export function layerFilter(used: Iterable<number>, label: string): Filter {
  const layers = [...new Set(used)].toSorted((a, b) => a - b);
  return { name: 'layer', label, options: layers.map((layer) => ({ value: String(layer), label: String(layer) })) };
}
