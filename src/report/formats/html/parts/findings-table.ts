import { severityRank } from '../../../../findings/severities.ts';
import type { FindingRow } from '../finding-rows.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { counted, type Page } from '../page.ts';
import { controls, sortable, tableFoot } from './controls.ts';
import { cell, disclosureRow, rowsAtFirst } from './disclosure-row.ts';
import { findingControls } from './finding-controls.ts';
import { findingDetail } from './finding-detail.ts';
import { severityBadge } from './severity.ts';

/** The findings with their search, filters and details, in pieces: there may be thousands. */
export function* findingsTable(page: Page): Iterable<Markup> {
  const { texts } = page;
  const showsReach = hasReach(page);
  yield html`${controls(page, 'findings', findingControls(page, showsReach))}
<div class="frame"><table class="cards findings${showsReach ? ' with-reach' : ''}" data-table><caption class="unseen">${texts.findings.caption}</caption><thead><tr>${sortable(texts.findings.id, 'natural', 'id')}${sortable(texts.findings.severity, 'number', 'severity')}${sortable(texts.findings.package, 'text', 'package')}${sortable(texts.findings.installed, 'natural', 'version')}${sortable(texts.findings.fix, 'natural', 'fix')}${sortable(texts.findings.layer, 'number', 'layer')}${showsReach ? sortable(texts.findings.reachable, 'text', 'reach') : undefined}</tr></thead>\n`;
  let shown = 0;
  for (const row of page.rows) {
    if (row.first.verdict.kind !== 'suppressed') shown += 1;
    yield findingRow(page, row, { showsReach, later: shown > rowsAtFirst });
  }
  yield html`</table></div>${tableFoot(page)}`;
}

/** Reach is unknown for every finding until it was computed; a column of unknowns would say nothing. */
function hasReach(page: Page): boolean {
  return page.rows.some((row) => row.reachable !== 'unknown');
}

function findingRow(
  page: Page,
  row: FindingRow,
  options: { readonly showsReach: boolean; readonly later: boolean },
): Markup {
  const { first } = row;
  const isFixed = first.fix.state === 'fixed';
  return disclosureRow({
    data: {
      severity: first.severity,
      type: row.types.join(' '),
      layer: row.layers.join(' '),
      fix: isFixed ? 'fixed' : 'unfixed',
      reach: options.showsReach ? row.reachable : undefined,
      verdict: first.verdict.kind,
    },
    label: first.id,
    afterLabel: html`${verdictMark(page, row)}${first.summary === undefined ? undefined : html`<span class="gist">${first.summary}</span>`}`,
    labelSortKey: first.id,
    cells: [
      cell('severity', severityBadge(page, first.severity, first.score), severitySortKey(row)),
      cell('package', html`<span class="name">${row.name}</span>${packageNote(page, row)}`, row.name),
      cell('version', html`<code>${first.installedVersion}</code>`),
      cell(`fix${isFixed ? ' fixed' : ''}`, fix(page, row), `${isFixed ? 0 : 1} ${first.fix.version ?? ''}`),
      cell(
        'layer',
        html`<span class="narrow-label">${page.texts.findings.layer} </span>${row.layers.join(', ')}`,
        row.layers[0],
      ),
      ...(options.showsReach
        ? [cell('reach', html`<span class="reach-${row.reachable}">${page.texts.reachable[row.reachable]}</span>`)]
        : []),
    ],
    detail: findingDetail(page, row),
    later: options.later,
  });
}

/** Worst first when it is sorted upwards: the rank, and the score within it. */
function severitySortKey({ first }: FindingRow): number {
  return severityRank(first.severity) * 100 - (first.score ?? 0);
}

function verdictMark(page: Page, { first }: FindingRow): Markup | undefined {
  const { kind } = first.verdict;
  return kind === 'open' ? undefined : html` <span class="mark-${kind}">${page.texts.verdict[kind]}</span>`;
}

function packageNote(page: Page, row: FindingRow): Piece {
  const count = row.findings.length;
  return html` <span class="quiet">${row.types.join(' ')}${count > 1 ? ` · ${counted(page, 'packages', count)}` : ''}</span>`;
}

function fix(page: Page, { first }: FindingRow): Piece {
  const { texts } = page;
  switch (first.fix.state) {
    case 'fixed':
      return html`<code>${first.fix.version ?? texts.findings.withFix}</code>`;
    case 'not-fixed':
      return texts.findings.notFixed;
    case 'wont-fix':
      return texts.findings.wontFix;
    case 'unknown':
      return texts.findings.fixUnknown;
  }
}
