import type { RangeEvent } from '../../../../advisories/model.ts';
import type { Finding } from '../../../../findings/model.ts';
import { dockerfileLine } from '../../../dockerfile-line.ts';
import { type FindingRow, packageName } from '../finding-rows.ts';
import { externalLink } from '../link.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import type { Page } from '../page.ts';
import { codeList, definitions } from './definitions.ts';

/** Everything known about a finding: what it is, why it matched, where the package came from, and who says so. */
export function findingDetail(page: Page, row: FindingRow): Markup {
  const { texts } = page;
  const { first } = row;
  return definitions(
    [
      [texts.finding.verdict, verdict(page, first)],
      [texts.finding.summary, first.summary],
      [texts.finding.aliases, codeList(first.aliases)],
      [texts.finding.score, score(page, first)],
      [texts.finding.published, first.published?.slice(0, 10)],
      [texts.finding.affectedRange, affectedRange(page, first.match.range)],
      [texts.finding.compared, html`<code>${first.match.comparedVersion}</code>`],
      [texts.finding.rule, texts.finding.rules[first.match.rule] ?? first.match.rule],
      [texts.finding.broughtBy, row.layers.map((layer) => html`<span class="line">${broughtBy(page, layer)}</span>`)],
      [texts.finding.reachable, reachability(page, row)],
      [texts.finding.sources, sources(row)],
      [texts.finding.packages, packages(page, row), 'wide'],
    ],
    'detail',
  );
}

function verdict({ texts }: Page, { verdict: decided }: Finding): Piece {
  if (decided.kind === 'open') return undefined;
  const by = texts.finding.verdictFrom(texts.verdict[decided.kind], texts.verdictBy[decided.by] ?? decided.by);
  const until = decided.expires === undefined ? '' : ` (${texts.finding.until(decided.expires)})`;
  return `${by}: ${decided.reason}${until}`;
}

function score({ texts, format }: Page, finding: Finding): Piece {
  if (finding.score === undefined && finding.vector === undefined) return undefined;
  const value = finding.score === undefined ? undefined : format.score(finding.score);
  const vector = finding.vector === undefined ? undefined : html` <code>${finding.vector}</code>`;
  const source =
    finding.severitySource === undefined
      ? undefined
      : html` <span class="quiet">${texts.finding.ratedBy(finding.severitySource)}</span>`;
  return html`${value}${vector}${source}`;
}

function affectedRange({ texts }: Page, range: Finding['match']['range']): Piece {
  if (typeof range === 'string') return texts.finding.range.exactly(range);
  // "From the start" goes without saying where something ends the range.
  const telling = range.filter((event) => event.introduced !== '0');
  const events = telling.length === 0 ? range : telling;
  return events.map((event) => eventText(texts.finding.range, event)).join(', ');
}

function eventText(texts: Page['texts']['finding']['range'], event: RangeEvent): string {
  if (event.introduced === '0') return texts.fromStart;
  if (event.introduced !== undefined) return texts.introduced(event.introduced);
  if (event.fixed !== undefined) return texts.fixed(event.fixed);
  if (event.last_affected !== undefined) return texts.lastAffected(event.last_affected);
  return texts.limit(event.limit ?? '');
}

function broughtBy({ texts, result }: Page, layer: number): Piece {
  const createdBy = result.image.layers[layer]?.createdBy;
  const line = createdBy === undefined ? undefined : html` <code>${dockerfileLine(createdBy)}</code>`;
  return html`${texts.finding.broughtByLayer(String(layer))}${line}`;
}

/** Reasons and chains can differ between the packages of a row: each is said once. */
function reachability({ texts }: Page, { findings }: FindingRow): Piece {
  const seen = new Map(findings.map(({ reachable }) => [JSON.stringify(reachable), reachable]));
  return [...seen.values()].map(
    ({ answer, reason, chain }) =>
      html`<span class="line">${texts.reachable[answer]}: ${reason}${chain === undefined ? undefined : html`<span class="chain">${chain.map((path) => html`<code>${path}</code>`)}</span>`}</span>`,
  );
}

function sources({ findings }: FindingRow): Piece {
  const all = findings.flatMap((finding) => finding.sources);
  const distinct = new Map(all.map((source) => [JSON.stringify(source), source]));
  const items = [...distinct.values()].map(
    ({ feed, id, url }) => html`<li>${externalLink(url, id)} <span class="quiet">${feed}</span></li>`,
  );
  return html`<ul class="plain">${items}</ul>`;
}

function packages(page: Page, { findings }: FindingRow): Piece {
  return html`<ul class="plain">${findings.map((finding) => html`<li><span class="name">${packageName(finding, page.packagesById)}</span> <code>${finding.installedVersion}</code> ${evidence(page, finding)}</li>`)}</ul>`;
}

function evidence(page: Page, finding: Finding): Piece {
  const found = page.packagesById.get(finding.packageId)?.evidence ?? [];
  return found.map(
    ({ path, layer }) => html`<span class="quiet">${page.texts.finding.evidenceAt(path, String(layer))}</span>`,
  );
}
