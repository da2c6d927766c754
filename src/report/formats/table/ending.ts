import type { Action } from '../../actions.ts';
import { bestActions } from '../../actions.ts';
import { escapeTerminal } from '../../escape.ts';
import type { PackageGroup } from '../../package-groups.ts';
import { wrapped } from './text-layout.ts';
import { counted, type View } from './view.ts';

/** What to do first, and what this answer does not speak for. */
export function* endingPart(view: View, groups: readonly PackageGroup[]): Iterable<string> {
  yield* list(
    view,
    view.texts.actions.heading,
    bestActions(groups).map((action) => actionText(view, action)),
    'good',
  );
  yield* list(view, view.texts.coverage.heading, gaps(view), 'caution');
}

function* list(view: View, heading: string, items: readonly string[], tone: 'good' | 'caution'): Iterable<string> {
  if (items.length === 0) return;
  yield '';
  yield view.palette.strong(view.palette[tone](heading));
  for (const [index, item] of items.entries()) {
    const mark = tone === 'good' ? `${index + 1}.` : '-';
    const lines = wrapped(item.split(' '), view.width - mark.length - 3);
    for (const [number, line] of lines.entries()) yield `  ${number === 0 ? mark : ' '.repeat(mark.length)} ${line}`;
  }
}

function actionText(view: View, action: Action): string {
  const removed = counted(view, 'vulnerabilities', action.removes);
  const { upgrade, rebuild } = view.texts.actions;
  return action.kind === 'upgrade'
    ? upgrade(escapeTerminal(action.name), escapeTerminal(action.version), removed)
    : rebuild(action.layer, removed, counted(view, 'packages', action.packages));
}

function gaps(view: View): readonly string[] {
  const { result, texts } = view;
  const uncovered = result.advisories?.uncovered ?? [];
  const noFeeds = result.findings !== undefined && (result.advisories?.feeds.length ?? 0) === 0;
  return [
    ...(noFeeds ? [texts.coverage.noFeeds] : []),
    ...uncovered.map((item) =>
      texts.coverage.uncovered(
        escapeTerminal(item.ecosystem),
        counted(view, 'packages', item.packages),
        escapeTerminal(item.reason),
      ),
    ),
    ...(result.diagnostics.length === 0
      ? []
      : [texts.coverage.diagnostics(counted(view, 'diagnostics', result.diagnostics.length))]),
  ];
}
