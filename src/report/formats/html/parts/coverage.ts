import { diagnosticText } from '../../../diagnostic-text.ts';
import type { ScanResult } from '../../../model.ts';
import { uncoveredReason } from '../../../uncovered-reason.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import type { Page } from '../page.ts';
import { controls, sortable, tableFoot } from './controls.ts';
import { cell, plainRow, rowsAtFirst } from './disclosure-row.ts';

/** Where the answers come from, which packages nobody could answer for, and what could not be read. */
export function coverage(page: Page): Markup {
  return html`<div class="columns">${feeds(page)}${uncovered(page)}</div>${diagnostics(page)}`;
}

function feeds(page: Page): Piece {
  const { texts, format, result } = page;
  if (result.advisories === undefined) return undefined;
  const rows = result.advisories.feeds.map((feed) =>
    plainRow({
      data: {},
      label: feed.part === undefined ? feed.id : `${feed.id} · ${feed.part}`,
      cells: [
        cell('time', feed.updatedAt === undefined ? texts.coverage.never : format.time(feed.updatedAt)),
        cell('number', format.number(feed.records)),
      ],
      later: false,
    }),
  );
  const table = html`<div class="frame"><table class="small"><thead><tr><th scope="col">${texts.coverage.feed}</th><th scope="col">${texts.coverage.updatedAt}</th><th scope="col" class="number">${texts.coverage.records}</th></tr></thead>${rows}</table></div>`;
  return html`<div class="part"><h3>${texts.coverage.feedsCaption}</h3>${rows.length === 0 ? html`<p class="empty">${texts.coverage.noFeeds}</p>` : table}</div>`;
}

function uncovered(page: Page): Piece {
  const { texts, format, result } = page;
  if (result.advisories === undefined || result.advisories.feeds.length + result.advisories.uncovered.length === 0) {
    return undefined;
  }
  const rows = result.advisories.uncovered.map((item) =>
    plainRow({
      data: {},
      label: item.ecosystem,
      cells: [cell('reason', uncoveredReason(item, page.catalogue)), cell('number', format.number(item.packages))],
      later: false,
    }),
  );
  const table = html`<div class="frame"><table class="small"><thead><tr><th scope="col">${texts.coverage.ecosystem}</th><th scope="col">${texts.coverage.reason}</th><th scope="col" class="number">${texts.coverage.packages}</th></tr></thead>${rows}</table></div>`;
  return html`<div class="part"><h3>${texts.coverage.uncoveredCaption}</h3>${rows.length === 0 ? html`<p class="empty">${texts.coverage.allCovered}</p>` : table}</div>`;
}

function diagnostics(page: Page): Piece {
  const { texts, result } = page;
  const heading = html`<h3>${texts.coverage.diagnosticsCaption}</h3>`;
  if (result.diagnostics.length === 0) {
    return html`<div class="part">${heading}<p class="empty">${texts.coverage.noDiagnostics}</p></div>`;
  }
  const rows = result.diagnostics.map((diagnostic, index) => diagnosticRow(page, diagnostic, index >= rowsAtFirst));
  return html`<div class="part">${heading}${controls(page, 'diagnostics', { searchHint: texts.coverage.diagnosticsHint, status: texts.coverage.diagnosticsStatus, choices: [], rows: result.diagnostics.length })}<div class="frame"><table class="cards diagnostics" data-table><caption class="unseen">${texts.coverage.diagnosticsCaption}</caption><thead><tr>${sortable(texts.coverage.message, 'text', 'message')}${sortable(texts.coverage.level, 'number', 'level')}${sortable(texts.coverage.where, 'text', 'where')}</tr></thead>
${rows}</table></div>${tableFoot(page)}</div>`;
}

const levels = ['error', 'warning', 'info'] as const;

function diagnosticRow(page: Page, diagnostic: ScanResult['diagnostics'][number], later: boolean): Markup {
  const { texts } = page;
  return plainRow({
    data: {},
    label: diagnosticText(diagnostic, page.catalogue),
    cells: [
      cell(
        'level',
        html`<span class="level ${diagnostic.severity}">${texts.coverage.levels[diagnostic.severity]}</span>`,
        levels.indexOf(diagnostic.severity),
      ),
      cell('where', where(page, diagnostic)),
    ],
    later,
  });
}

function where({ texts }: Page, { path, layer }: ScanResult['diagnostics'][number]): Piece {
  const place =
    layer === undefined ? undefined : html` <span class="quiet">${texts.coverage.inLayer(String(layer))}</span>`;
  return html`${path === undefined ? undefined : html`<code>${path}</code>`}${place}`;
}
