import type { Catalogue } from '../i18n/catalogue.ts';
import type { ScanResult } from './model.ts';
import { uncoveredReason } from './uncovered-reason.ts';
import { createValueFormat } from './value-format.ts';

/** What the result does not speak for, a sentence each: feeds that are missing, packages not covered, diagnostics. */
export function gapTexts(result: ScanResult, catalogue: Catalogue): readonly string[] {
  const { coverage, count } = catalogue.report;
  const { number } = createValueFormat(catalogue.language);
  const noFeeds = result.findings !== undefined && (result.advisories?.feeds.length ?? 0) === 0;
  const uncovered = (result.advisories?.uncovered ?? []).map((item) =>
    coverage.uncovered(
      item.ecosystem,
      count.packages(item.packages, number(item.packages)),
      uncoveredReason(item, catalogue),
    ),
  );
  const diagnostics = result.diagnostics.length;
  return [
    ...(noFeeds ? [coverage.noFeeds] : []),
    ...uncovered,
    ...(diagnostics === 0 ? [] : [coverage.diagnostics(count.diagnostics(diagnostics, number(diagnostics)))]),
  ];
}
