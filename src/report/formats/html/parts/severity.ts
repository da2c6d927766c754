import { type Severity, severities } from '../../../../findings/model.ts';
import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';

export type SeverityCounts = Readonly<Partial<Record<Severity, number>>>;

/** The severity as a word on its colour; the word alone carries the meaning. */
export function severityBadge(page: Page, severity: Severity, score?: number): Markup {
  const value = score === undefined ? undefined : html` <span class="score">${page.format.score(score)}</span>`;
  return html`<span class="badge ${severity}">${page.texts.severity[severity]}${value}</span>`;
}

/**
 * The shares of the severities as one bar; it is full when their sum is `full`, by default always. It repeats what the
 * text beside it says, so screen readers skip it.
 */
export function severityBar(counts: SeverityCounts, className: string, full?: number): Markup {
  const total = full ?? severities.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
  let start = 0;
  const segments = severities.flatMap((severity) => {
    const share = total === 0 ? 0 : ((counts[severity] ?? 0) / total) * 100;
    const x = start;
    start += share;
    return share === 0
      ? []
      : [html`<rect class="${severity}" x="${percent(x)}" width="${percent(share)}" height="100%"/>`];
  });
  return html`<svg class="${className}" aria-hidden="true" focusable="false">${segments}</svg>`;
}

/** `3 critical, 1 high`: the counts that are not zero, for readers who do not see the bar. */
export function severityWords(page: Page, counts: SeverityCounts): string {
  return severities
    .filter((severity) => (counts[severity] ?? 0) > 0)
    .map((severity) => `${page.format.number(counts[severity] ?? 0)} ${page.texts.severity[severity].toLowerCase()}`)
    .join(', ');
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}
