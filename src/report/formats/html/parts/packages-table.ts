import type { Package } from '../../../../inventory/model.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import type { Page } from '../page.ts';
import { controls, type Filter, layerFilter, sortable, tableFoot } from './controls.ts';
import { cell, disclosureRow, rowsAtFirst } from './disclosure-row.ts';
import { packageDetail } from './package-detail.ts';
import { type SeverityCounts, severityBar, severityWords } from './severity.ts';

/** The installed packages that count, with search, filters and details. */
export function* packagesTable(page: Page): Iterable<Markup> {
  const { texts } = page;
  const packages = page.result.packages.filter((item) => item.ownedBy === undefined);
  const counts = page.result.findings === undefined ? undefined : severitiesByPackage(page);
  if (packages.length === 0) return yield html`<p class="empty">${texts.packages.empty}</p>`;
  yield html`${controls(page, 'packages', { searchHint: texts.packages.searchHint, status: texts.packages.status, choices: filters(page, packages, counts), rows: packages.length })}
<div class="frame"><table class="cards packages" data-table><caption class="unseen">${texts.packages.caption}</caption><thead><tr>${sortable(texts.packages.name, 'text', 'name')}${sortable(texts.packages.version, 'natural', 'version')}${sortable(texts.packages.type, 'text', 'type')}${sortable(texts.packages.licenses, 'text', 'licenses')}${sortable(texts.packages.layer, 'number', 'layer')}${counts === undefined ? undefined : sortable(texts.packages.vulnerabilities, 'number', 'found')}</tr></thead>\n`;
  for (const [index, item] of packages.entries()) {
    yield packageRow(page, item, {
      found: counts === undefined ? undefined : (counts.get(item.id) ?? {}),
      later: index >= rowsAtFirst,
    });
  }
  yield html`</table></div>${tableFoot(page)}`;
}

function severitiesByPackage(page: Page): ReadonlyMap<string, SeverityCounts> {
  const counts = new Map<string, Record<string, number>>();
  for (const finding of page.result.findings ?? []) {
    if (finding.verdict.kind === 'suppressed') continue;
    const own = counts.get(finding.packageId) ?? {};
    own[finding.severity] = (own[finding.severity] ?? 0) + 1;
    counts.set(finding.packageId, own);
  }
  return counts;
}

function packageRow(
  page: Page,
  item: Package,
  options: { readonly found: SeverityCounts | undefined; readonly later: boolean },
): Markup {
  const total = Object.values(options.found ?? {}).reduce((sum, count) => sum + count, 0);
  return disclosureRow({
    data: {
      type: item.type,
      layer: item.layer,
      found: options.found === undefined ? undefined : total > 0 ? 'yes' : 'no',
    },
    label: item.name,
    afterLabel: item.state === undefined ? undefined : html` <span class="quiet">${item.state}</span>`,
    cells: [
      cell('version', html`<code>${item.version}</code>`),
      cell('type', item.type),
      cell('licenses', item.licenses.join(', ')),
      cell('layer', html`<span class="narrow-label">${page.texts.packages.layer} </span>${item.layer}`, item.layer),
      ...(options.found === undefined ? [] : [cell('found', foundCell(page, options.found, total), -total)]),
    ],
    detail: packageDetail(page, item),
    later: options.later,
  });
}

function foundCell(page: Page, found: SeverityCounts, total: number): Piece {
  if (total === 0) return html`<span class="zero">0</span>`;
  return html`<span class="figure">${page.format.number(total)}</span> ${severityBar(found, 'small-bar')}<span class="unseen">${severityWords(page, found)}</span>`;
}

function filters(
  page: Page,
  packages: readonly Package[],
  counts: ReadonlyMap<string, unknown> | undefined,
): readonly Filter[] {
  const { texts } = page;
  const types = [...new Set(packages.map((item) => item.type))].toSorted();
  const all: readonly Filter[] = [
    { name: 'type', label: texts.packages.type, options: types.map((type) => ({ value: type, label: type })) },
    layerFilter(
      packages.map((item) => item.layer),
      texts.packages.layer,
    ),
    {
      name: 'found',
      label: texts.packages.vulnerabilities,
      options: [
        { value: 'yes', label: texts.packages.vulnerable },
        { value: 'no', label: texts.packages.notVulnerable },
      ],
    },
  ];
  return all.filter((filter) => filter.options.length > 1 && (filter.name !== 'found' || (counts?.size ?? 0) > 0));
}
