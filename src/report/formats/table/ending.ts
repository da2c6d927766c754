import { actionText } from '../../action-text.ts';
import { bestActions } from '../../actions.ts';
import { escapeTerminal } from '../../escape.ts';
import { gapTexts } from '../../gaps.ts';
import type { PackageGroup } from '../../package-groups.ts';
import { wrapped } from './text-layout.ts';
import type { View } from './view.ts';

/** What to do first, and what this answer does not speak for. */
export function* endingPart(view: View, groups: readonly PackageGroup[]): Iterable<string> {
  const { actions, coverage } = view.texts;
  const steps = bestActions(groups, view.result.image).map((action) => actionText(action, view.catalogue));
  yield* list(view, view.palette.good(actions.heading), steps, (index) => `${index + 1}.`);
  yield* list(view, view.palette.caution(coverage.heading), gapTexts(view.result, view.catalogue), () => '-');
}

function* list(
  view: View,
  heading: string,
  items: readonly string[],
  markOf: (index: number) => string,
): Iterable<string> {
  if (items.length === 0) return;
  yield '';
  yield view.palette.strong(heading);
  for (const [index, item] of items.entries()) {
    const mark = markOf(index);
    const lines = wrapped(escapeTerminal(item).split(' '), view.width - mark.length - 3);
    for (const [number, line] of lines.entries()) {
      yield `  ${number === 0 ? mark : ' '.repeat(mark.length)} ${line}`;
    }
  }
}
