import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';
import { controls, sortable, tableFoot } from './controls.ts';
import { cell, disclosureRow, rowsAtFirst } from './disclosure-row.ts';
import { packageDetail } from './package-detail.ts';

/** Packages whose files belong to a distribution package: shown apart, because they are counted there. */
export function ownedPackagesTable(page: Page): Markup | undefined {
  const { texts } = page;
  const owned = page.result.packages.filter((item) => item.ownedBy !== undefined);
  if (owned.length === 0) return undefined;
  const rows = owned.map((item, index) =>
    disclosureRow({
      data: {},
      label: item.name,
      cells: [
        cell('version', html`<code>${item.version}</code>`),
        cell('type', item.type),
        cell('owner', page.packagesById.get(item.ownedBy ?? '')?.name ?? item.ownedBy),
      ],
      detail: packageDetail(page, item),
      later: index >= rowsAtFirst,
    }),
  );
  return html`<div class="part"><h3>${texts.packages.ownedHeading}</h3><p class="intro">${texts.packages.ownedIntro}</p>${controls(page, 'owned', { searchHint: texts.packages.searchHint, status: texts.packages.status, choices: [], rows: owned.length })}<div class="frame"><table class="cards owned" data-table><caption class="unseen">${texts.packages.ownedCaption}</caption><thead><tr>${sortable(texts.packages.name, 'text', 'name')}${sortable(texts.packages.version, 'natural', 'version')}${sortable(texts.packages.type, 'text', 'type')}${sortable(texts.packages.owner, 'text', 'owner')}</tr></thead>
${rows}</table></div>${tableFoot(page)}</div>`;
}
