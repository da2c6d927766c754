import type { Package } from '../../../../inventory/model.ts';
import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';
import { controls, sortable, tableFoot } from './controls.ts';
import { cell, plainRow, rowsAtFirst } from './disclosure-row.ts';

/** Packages that a later layer took away, and that every pull still downloads. */
export function historyTable(page: Page): Markup {
  const { texts } = page;
  const rows = page.result.history.map((item, index) => historyRow(page, item, index >= rowsAtFirst));
  return html`${controls(page, 'history', { searchHint: texts.history.searchHint, status: texts.history.status, choices: [], rows: page.result.history.length })}<div class="frame"><table class="cards history" data-table><caption class="unseen">${texts.history.caption}</caption><thead><tr>${sortable(texts.packages.name, 'text', 'name')}${sortable(texts.packages.version, 'natural', 'version')}${sortable(texts.packages.type, 'text', 'type')}${sortable(texts.history.broughtIn, 'number', 'layer')}${sortable(texts.history.fate, 'text', 'fate')}</tr></thead>
${rows}</table></div>${tableFoot(page)}`;
}

function historyRow(page: Page, item: Package, later: boolean): Markup {
  return plainRow({
    data: {},
    label: item.name,
    cells: [
      cell('version', html`<code>${item.version}</code>`),
      cell('type', item.type),
      cell('layer', html`<span class="narrow-label">${page.texts.packages.layer} </span>${item.layer}`, item.layer),
      cell('fate', fate(page, item)),
    ],
    later,
  });
}

function fate({ texts }: Page, { fate: end }: Package): string | undefined {
  if (end.kind === 'present') return undefined;
  const layer = String(end.layer);
  return end.kind === 'upgraded' ? texts.history.upgraded(layer) : texts.history.removed(layer);
}
