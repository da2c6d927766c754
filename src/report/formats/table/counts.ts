import { type Severity, severities } from '../../../findings/model.ts';
import { coverageOf } from '../../coverage.ts';
import type { PackageGroup } from '../../package-groups.ts';
import { countUnreached } from '../../reach-answer.ts';
import { commaWords, wrapped } from './text-layout.ts';
import { counted, type View } from './view.ts';

/** How many vulnerabilities there are, by severity, how many have a fix, how many nothing reaches, and how many are suppressed. */
export function* countsPart(view: View, groups: readonly PackageGroup[]): Iterable<string> {
  const { summary } = view.result;
  const counts = summary.vulnerabilities;
  const total = counts === undefined ? 0 : Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (counts === undefined || total === 0) {
    yield* noneFound(view);
  } else {
    yield view.palette.strong(counted(view, 'vulnerabilities', total));
    yield* severityLines(view, counts);
  }
  const unreached = countUnreached(groups);
  const notes = [
    ...(total > 0 ? [view.texts.fixable(view.format.number(summary.fixable ?? 0))] : []),
    ...(unreached === undefined ? [] : [view.texts.unreached(view.format.number(unreached))]),
    ...((summary.suppressed ?? 0) > 0 ? [view.texts.suppressed(view.format.number(summary.suppressed ?? 0))] : []),
  ];
  for (const line of wrapped(commaWords(notes), view.width - 2)) yield `  ${view.palette.faint(line)}`;
}

function* noneFound(view: View): Iterable<string> {
  const coverage = coverageOf(view.result);
  const text = { none: view.texts.notLookedUp, partial: view.texts.cleanSoFar, full: view.texts.clean }[coverage];
  const paint = coverage === 'full' ? view.palette.good : view.palette.caution;
  for (const line of wrapped(text.split(' '), view.width)) yield paint(line);
}

function* severityLines(
  view: View,
  counts: NonNullable<View['result']['summary']['vulnerabilities']>,
): Iterable<string> {
  const parts = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => ({ severity, text: severityCount(view, severity, counts[severity]) }));
  const lines = wrapped(
    parts.map((part) => part.text),
    view.width - 2,
    '   ',
  );
  const paintOf = new Map(parts.map((part) => [part.text, view.palette.severity[part.severity]]));
  for (const line of lines) {
    const painted = line.split('   ').map((text) => paintOf.get(text)?.(text) ?? text);
    yield `  ${painted.join('   ')}`;
  }
}

function severityCount(view: View, severity: Severity, count: number): string {
  const words = count === 1 ? view.texts.severity : view.texts.severityPlural;
  return `${view.format.number(count)} ${words[severity]}`;
}
