import type { Catalogue } from '../i18n/catalogue.ts';
import type { ScanResult } from './model.ts';
import { toldDiagnostics } from './told-diagnostics.ts';
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
  const { texts, rest } = toldDiagnostics(result, catalogue);
  const left = count.diagnostics(rest, number(rest));
  return [
    ...(noFeeds ? [coverage.noFeeds] : []),
    ...uncovered,
    ...texts,
    ...(rest === 0 ? [] : [texts.length === 0 ? coverage.diagnostics(left) : coverage.furtherDiagnostics(left)]),
  ];
}
