import type { Severity } from '../../../../findings/model.ts';
import { dockerfileLine } from '../../../dockerfile-line.ts';
import { isOfBase } from '../../../layer-line.ts';
import type { LayerSummary } from '../../../model.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { counted, type Page } from '../page.ts';
import { definitions } from './definitions.ts';
import { cell, disclosureRow } from './disclosure-row.ts';
import { severityBar, severityWords } from './severity.ts';

/** What a layer added to the image. */
interface Brought {
  readonly start: number;
  readonly types: ReadonlyMap<string, number>;
  readonly severities: Partial<Record<Severity, number>>;
}

/** The layers as a picture: each bar starts where the one below ended, beside what the layer brought. */
export function layersTable(page: Page): Markup {
  const { texts } = page;
  const brought = whatEachBrought(page);
  const rows = page.result.image.layers.map((layer, index) => layerRow(page, layer, brought[index]));
  const hasFindings = page.result.findings !== undefined;
  return html`<div class="frame"><table class="cards layers"><caption class="unseen">${texts.layers.caption}</caption><thead><tr><th scope="col">${texts.layers.instruction}</th><th scope="col">${texts.layers.size}</th><th scope="col">${texts.layers.packages}</th>${hasFindings ? html`<th scope="col">${texts.layers.vulnerabilities}</th>` : undefined}</tr></thead>
${rows}</table></div>`;
}

function whatEachBrought(page: Page): readonly Brought[] {
  let start = 0;
  const all = page.result.image.layers.map((layer) => {
    const brought = { start, types: new Map<string, number>(), severities: {} as Partial<Record<Severity, number>> };
    start += layer.size;
    return brought;
  });
  for (const item of page.result.packages) {
    const types = item.ownedBy === undefined ? all[item.layer]?.types : undefined;
    types?.set(item.type, (types.get(item.type) ?? 0) + 1);
  }
  for (const row of page.rows) {
    if (row.first.verdict.kind === 'suppressed') continue;
    for (const layer of row.layers) {
      const counts = all[layer]?.severities;
      if (counts !== undefined) counts[row.first.severity] = (counts[row.first.severity] ?? 0) + 1;
    }
  }
  return all;
}

function layerRow(page: Page, layer: LayerSummary, brought: Brought | undefined): Markup {
  const { texts, format } = page;
  const packages = [...(brought?.types.values() ?? [])].reduce((sum, count) => sum + count, 0);
  const counts = brought?.severities ?? {};
  const vulnerabilities = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const share = page.result.image.size === 0 ? 0 : layer.size / page.result.image.size;
  const offset = page.result.image.size === 0 ? 0 : (brought?.start ?? 0) / page.result.image.size;
  return disclosureRow({
    data: {},
    label: html`<span class="index"><span class="unseen">${texts.layers.layer} </span>${layer.index}</span>`,
    afterLabel: html`<span class="instruction">${origin(page, layer)}${instruction(page, layer)}</span>`,
    cells: [
      cell(
        'size',
        html`${bar(offset, share)}<span class="figure">${format.bytes(layer.size)} <span class="quiet">${format.share(share)}</span></span>`,
      ),
      cell('packages', broughtPackages(page, layer, packages, brought)),
      ...(page.result.findings === undefined
        ? []
        : [cell('found', broughtFindings(page, layer, vulnerabilities, counts))]),
    ],
    detail: layerDetail(page, layer),
    later: false,
  });
}

function instruction(page: Page, layer: LayerSummary): Piece {
  return layer.createdBy === undefined
    ? html`<span class="quiet">${page.texts.layers.noInstruction}</span>`
    : html`<code>${dockerfileLine(layer.createdBy)}</code>`;
}

/** Before the instruction, of which only the first lines are shown. */
function origin(page: Page, layer: LayerSummary): Piece {
  return isOfBase(page.result, layer.index)
    ? html`<span class="quiet">${page.texts.layers.ofBase}: </span>`
    : undefined;
}

/** At least a hairline wide: a layer of a few bytes is there too. */
function bar(offset: number, share: number): Markup {
  const width = Math.max(share * 100, 0.4);
  const start = Math.min(offset * 100, 100 - width);
  return html`<svg class="layer-bar" aria-hidden="true" focusable="false"><rect class="track" width="100%" height="100%"/><rect class="before" width="${round(start)}%" height="100%"/><rect class="this" x="${round(start)}%" width="${round(width)}%" height="100%"/></svg>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function broughtPackages(page: Page, layer: LayerSummary, count: number, brought: Brought | undefined): Piece {
  if (count === 0) return html`<span class="zero">0</span>`;
  const types = [...(brought?.types ?? [])].map(
    ([type, number]) => html`<span class="item">${type} ${page.format.number(number)}</span>`,
  );
  return html`<a href="#packages" data-narrow="layer=${layer.index}">${counted(page, 'packages', count)}</a> <span class="quiet">${types}</span>`;
}

function broughtFindings(
  page: Page,
  layer: LayerSummary,
  count: number,
  counts: Partial<Record<Severity, number>>,
): Piece {
  if (count === 0) return html`<span class="zero">0</span>`;
  return html`<a href="#findings" data-narrow="layer=${layer.index}">${counted(page, 'vulnerabilities', count)}</a> ${severityBar(counts, 'small-bar')}<span class="unseen">${severityWords(page, counts)}</span>`;
}

function layerDetail(page: Page, layer: LayerSummary): Markup {
  const { texts, format } = page;
  return definitions(
    [
      [
        texts.layers.instruction,
        layer.createdBy === undefined ? undefined : html`<code class="whole">${dockerfileLine(layer.createdBy)}</code>`,
      ],
      [texts.layers.diffId, layer.diffId === undefined ? undefined : html`<code>${layer.diffId}</code>`],
      [texts.layers.digest, layer.digest === undefined ? undefined : html`<code>${layer.digest}</code>`],
      [
        texts.layers.compressedSize,
        layer.compressedSize === undefined ? undefined : format.bytes(layer.compressedSize),
      ],
      [texts.layers.verified, texts.layers.verification[layer.verified]],
    ],
    'detail',
  );
}
