import { severities } from '../../../../findings/model.ts';
import { coverageOf } from '../../../coverage.ts';
import { countUnreached } from '../../../reach-answer.ts';
import { html, type Markup } from '../markup.ts';
import { counted, type Page } from '../page.ts';
import { facts } from './facts.ts';
import { severityBar } from './severity.ts';

/** The answer in one glance: how many vulnerabilities, of which severity, whether that is all, and what the image is. */
export function summarySection(page: Page): Markup {
  return html`<section id="summary" aria-labelledby="summary-heading" class="summary">
<h2 id="summary-heading" class="unseen">${page.texts.summary.heading}</h2>
<div class="verdict">${answer(page)}${severityCounts(page)}${partialNotice(page)}</div>
${facts(page)}
</section>\n`;
}

function answer(page: Page): Markup {
  const { texts, result } = page;
  const counts = result.summary.vulnerabilities;
  if (counts === undefined) return headline(texts.summary.notLookedUp, [texts.summary.notLookedUpDetail]);
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0);
  const { fixable = 0, suppressed = 0 } = result.summary;
  const unreached = countUnreached(page.groups);
  const details = [
    ...(total > 0 ? [texts.summary.fixable(fixable, page.format.number(fixable))] : []),
    ...(unreached === undefined ? [] : [texts.summary.unreached(page.format.number(unreached))]),
    ...(suppressed > 0 ? [texts.summary.suppressed(page.format.number(suppressed))] : []),
    ...(coverageOf(result) === 'none' ? [texts.summary.noAdvisories] : []),
  ];
  if (total > 0) return headline(counted(page, 'vulnerabilities', total), details);
  return headline(coverageOf(result) === 'full' ? texts.summary.clean : texts.summary.cleanSoFar, details);
}

function headline(text: string, details: readonly string[]): Markup {
  return html`<p class="headline">${text}</p>${details.length === 0 ? undefined : html`<p class="under">${details.map((detail) => html`<span>${detail}</span>`)}</p>`}`;
}

function severityCounts(page: Page): Markup | undefined {
  const counts = page.result.summary.vulnerabilities;
  if (counts === undefined || page.rows.length === 0) return undefined;
  const items = severities.map((severity) => {
    const label = html`<span class="swatch ${severity}"></span><span class="name">${page.texts.severity[severity]}</span> <span class="number">${page.format.number(counts[severity])}</span>`;
    const narrow = html`<a href="#findings" data-narrow="severity=${severity}">${label}</a>`;
    return html`<li>${counts[severity] === 0 ? html`<span class="zero">${label}</span>` : narrow}</li>`;
  });
  return html`${severityBar(counts, 'severity-bar')}<ul class="legend" aria-label="${page.texts.summary.bySeverity}">${items}</ul>`;
}

function partialNotice(page: Page): Markup | undefined {
  if (coverageOf(page.result) !== 'partial') return undefined;
  const { texts } = page;
  const uncovered = uncoveredPackages(page);
  const problems = problemCount(page);
  return html`<p class="notice"><strong>${texts.summary.partial}</strong> ${uncovered > 0 ? html`${texts.summary.partialUncovered(counted(page, 'packages', uncovered))} ` : undefined}${problems > 0 ? html`${texts.summary.partialDiagnostics(page.format.number(problems))} ` : undefined}<a href="#coverage">${texts.summary.partialLink}</a></p>`;
}

function uncoveredPackages(page: Page): number {
  return (page.result.advisories?.uncovered ?? []).reduce((sum, item) => sum + item.packages, 0);
}

function problemCount(page: Page): number {
  return page.result.diagnostics.filter((diagnostic) => diagnostic.severity !== 'info').length;
}
