import { type Finding, severities } from '../../findings/model.ts';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { actionText } from '../action-text.ts';
import { bestActions } from '../actions.ts';
import { coverageOf } from '../coverage.ts';
import { escapeMarkdown } from '../escape.ts';
import type { ReportFormat } from '../format.ts';
import { gapTexts } from '../gaps.ts';
import { isOfBase, layerLine } from '../layer-line.ts';
import type { ScanResult } from '../model.ts';
import { groupByPackage, type PackageGroup } from '../package-groups.ts';
import { countUnreached } from '../reach-answer.ts';
import { createValueFormat } from '../value-format.ts';
import { webUrl } from '../web-url.ts';

/** GitHub-flavoured Markdown for a comment on a pull request: counts, what to do, and the packages in a folded table. */
export const markdown: ReportFormat = {
  id: 'markdown',
  mediaType: 'text/markdown; charset=utf-8',
  shows: 'findings',
  joins: 'text',
  *render(result, { catalogue }) {
    const groups = groupByPackage(result);
    for (const line of lines(result, groups, catalogue)) yield `${line}\n`;
  },
};

/** GitHub refuses comments of more than 65,536 characters; the rest is for what stands around the table. */
const tableBudget = 50_000;
/** Ids that a package's row shows; a long list hides the other packages. */
const idsShown = 10;
const longestLine = 200;

function* lines(result: ScanResult, groups: readonly PackageGroup[], catalogue: Catalogue): Iterable<string> {
  const { report } = catalogue;
  yield `### ${report.markdown.heading(code(result.image.name))}`;
  yield '';
  yield* counts(result, groups, catalogue);
  const actions = bestActions(groups, result.image).map((action) => actionText(action, catalogue));
  yield* section(report.actions.heading, actions, (index) => `${index + 1}.`);
  yield* details(result, groups, catalogue);
  yield* section(report.coverage.heading, gapTexts(result, catalogue), () => '-');
  yield '';
  const time = createValueFormat(catalogue.language).time(result.createdAt);
  yield `<sub>${escapeMarkdown(report.markdown.footer(result.tool.version, time))}</sub>`;
}

function* counts(result: ScanResult, groups: readonly PackageGroup[], catalogue: Catalogue): Iterable<string> {
  const { report } = catalogue;
  const { number } = createValueFormat(catalogue.language);
  const bySeverity = result.summary.vulnerabilities;
  const total = Object.values(bySeverity ?? {}).reduce((sum, count) => sum + count, 0);
  if (bySeverity === undefined || total === 0) {
    yield `**${{ none: report.notLookedUp, partial: report.cleanSoFar, full: report.clean }[coverageOf(result)]}**`;
  } else {
    const parts = severities
      .filter((severity) => bySeverity[severity] > 0)
      .map((severity) => {
        const words = bySeverity[severity] === 1 ? report.severity : report.severityPlural;
        return `${number(bySeverity[severity])} ${words[severity]}`;
      });
    yield `**${report.count.vulnerabilities(total, number(total))}**: ${parts.join(', ')}`;
  }
  const suppressed = result.summary.suppressed ?? 0;
  const unreached = countUnreached(groups);
  const notes = [
    ...(total > 0 ? [report.fixable(number(result.summary.fixable ?? 0))] : []),
    ...(unreached === undefined ? [] : [report.unreached(number(unreached))]),
    ...(suppressed > 0 ? [report.suppressed(number(suppressed))] : []),
  ];
  if (notes.length > 0) yield* ['', notes.join(', ')];
}

function* section(heading: string, items: readonly string[], mark: (index: number) => string): Iterable<string> {
  if (items.length === 0) return;
  yield* ['', `**${heading}**`, ''];
  for (const [index, item] of items.entries()) yield `${mark(index)} ${escapeMarkdown(item)}`;
}

function* details(result: ScanResult, groups: readonly PackageGroup[], catalogue: Catalogue): Iterable<string> {
  if (groups.length === 0) return;
  const { columns, markdown: texts, count } = catalogue.report;
  const rows = groups.map((group) => groupRow(group, catalogue));
  const fitting = countFitting(rows);
  yield* ['', '<details>', `<summary>${texts.details}</summary>`, ''];
  yield* tableHead([columns.name, columns.version, columns.fixed, columns.layer, columns.ids]);
  yield* rows.slice(0, fitting);
  const left = rows.length - fitting;
  if (left > 0) {
    yield* ['', texts.truncated(count.packages(left, createValueFormat(catalogue.language).number(left)))];
  }
  yield* ['', ...tableHead([columns.layer, texts.dockerfileLine])];
  const layers = [...new Set(groups.slice(0, fitting).map((group) => group.layer))].toSorted((a, b) => a - b);
  for (const layer of layers) {
    const origin = isOfBase(result, layer) ? ` (${catalogue.report.ofBase})` : '';
    yield `| ${layer} | ${code(layerLine(result, layer, catalogue))}${origin} |`;
  }
  yield* ['', '</details>'];
}

function tableHead(titles: readonly string[]): readonly string[] {
  return [`| ${titles.join(' | ')} |`, `|${' --- |'.repeat(titles.length)}`];
}

function countFitting(rows: readonly string[]): number {
  let used = 0;
  const tooFar = rows.findIndex((row) => {
    used += row.length + 1;
    return used > tableBudget;
  });
  return tooFar === -1 ? rows.length : tooFar;
}

function groupRow(group: PackageGroup, catalogue: Catalogue): string {
  const fixed = group.fixedVersion === undefined ? catalogue.report.noFix : code(group.fixedVersion);
  const cells = [code(group.name), code(group.installedVersion), fixed, String(group.layer), idsCell(group, catalogue)];
  return `| ${cells.join(' | ')} |`;
}

function idsCell(group: PackageGroup, catalogue: Catalogue): string {
  const { severity: names, markdown: texts } = catalogue.report;
  const shown = group.vulnerabilities.slice(0, idsShown);
  const parts = severities.flatMap((severity) => {
    const items = shown.filter((item) => item.severity === severity);
    return items.length === 0 ? [] : [`${names[severity]}: ${items.map(idLink).join(', ')}`];
  });
  const left = group.vulnerabilities.length - shown.length;
  const more = left === 0 ? [] : [texts.moreIds(createValueFormat(catalogue.language).number(left))];
  return [...parts, ...more].join('<br>');
}

function idLink(finding: Finding): string {
  const url = finding.sources.map((source) => webUrl(source.url)).find((address) => address !== undefined);
  const id = escapeMarkdown(finding.id);
  return url === undefined ? id : `[${id}](<${url.replaceAll('|', '%7C')}>)`;
}

/** Text in a fixed pitch. Not a code span: those know no escapes, and a table ends them at a pipe. */
function code(text: string): string {
  const short = text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
  return `<code>${escapeMarkdown(short)}</code>`;
}
