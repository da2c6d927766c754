import { type Finding, type Severity, severities } from '../../../findings/model.ts';
import { escapeTerminal } from '../../escape.ts';
import { hasFiles } from '../../has-files.ts';
import { isOfBase, layerLine } from '../../layer-line.ts';
import type { PackageGroup } from '../../package-groups.ts';
import { type ReachAnswer, sharedAnswer } from '../../reach-answer.ts';
import { columns, commaWords, padded, shortened, wrapped } from './text-layout.ts';
import type { View } from './view.ts';

/** One package that has vulnerabilities: versions, the layer that brought it, and the ids by severity. */
export function* groupBlock(view: View, group: PackageGroup): Iterable<string> {
  const labels = labelWidth(view);
  yield* heading(view, group);
  if (hasFiles(view.result.image)) {
    const layer = escapeTerminal(layerLine(view.result, group.layer, view.catalogue));
    const origin = isOfBase(view.result, group.layer) ? `${view.texts.ofBase}: ` : '';
    const line = shortened(origin + layer, view.width - labels - 4);
    yield* row(view, labels, view.texts.layer(group.layer), [line], 'faint');
  }
  if (group.packages.length > 1) {
    const names = commaWords(group.packages.map(escapeTerminal));
    yield* row(view, labels, view.texts.installs, wrapped(names, view.width - labels - 4), 'faint');
  }
  for (const severity of severities) {
    const items = group.vulnerabilities.filter((item) => item.severity === severity);
    if (items.length > 0) yield* row(view, labels, view.texts.severity[severity], lines(view, group, items), severity);
  }
}

/** Room for the longest label of the language, and for a layer's number of two digits. */
function labelWidth(view: View): number {
  const labels = [...Object.values(view.texts.severity), view.texts.installs, view.texts.layer(10)];
  return Math.max(...labels.map(columns));
}

function* heading(view: View, group: PackageGroup): Iterable<string> {
  const name = escapeTerminal(group.name);
  const reach = reachText(view, sharedAnswer(group));
  const words = [
    name,
    escapeTerminal(group.installedVersion),
    ...fixWords(view, group),
    ...(reach === undefined ? [] : ['·', ...reach.split(' ')]),
  ];
  const [first = '', ...rest] = wrapped(words, view.width);
  const gap = view.width - columns(first) - group.type.length;
  const type = gap >= 2 && rest.length === 0 ? ' '.repeat(gap) + view.palette.faint(group.type) : '';
  yield first.startsWith(name)
    ? view.palette.strong(name) + first.slice(name.length) + type
    : view.palette.strong(first) + type;
  yield* rest;
}

function fixWords(view: View, group: PackageGroup): readonly string[] {
  const { texts, format } = view;
  const total = group.vulnerabilities.length;
  if (group.fixable === 0) return ['·', ...(fixText(view, commonState(group)) ?? '').split(' ')];
  const version = escapeTerminal(group.fixedVersion ?? '?');
  if (group.fixable === total) return ['→', version];
  return ['→', version, ...`(${texts.fixesPart(format.number(group.fixable), format.number(total))})`.split(' ')];
}

function reachText(view: View, answer: ReachAnswer | undefined): string | undefined {
  switch (answer) {
    case 'yes':
      return view.texts.reached;
    case 'no':
      return view.texts.notReached;
    case 'unknown':
    case undefined:
      return undefined;
  }
}

/** What is said of the fix when there is none: the one state that all share, else that none is there. */
function commonState(group: PackageGroup): Finding['fix']['state'] {
  const states = new Set(group.vulnerabilities.map((item) => item.fix.state));
  const [only] = states;
  return states.size === 1 && only !== undefined ? only : 'not-fixed';
}

function fixText(view: View, state: Finding['fix']['state']): string | undefined {
  switch (state) {
    case 'fixed':
      return undefined;
    case 'not-fixed':
      return view.texts.noFix;
    case 'wont-fix':
      return view.texts.wontFix;
    case 'unknown':
      return view.texts.unknownFix;
  }
}

function* row(
  view: View,
  labels: number,
  label: string,
  texts: readonly string[],
  tone: Severity | 'faint',
): Iterable<string> {
  const paint = tone === 'faint' ? view.palette.faint : view.palette.severity[tone];
  for (const [index, text] of texts.entries()) {
    const start = padded(index === 0 ? label : '', labels);
    yield `  ${paint(start)}  ${tone === 'faint' ? paint(text) : text}`;
  }
}

/** How many vulnerabilities of one severity are shown with their summaries, one a line; more are shown as ids. */
const fewEnough = 3;

function lines(view: View, group: PackageGroup, items: readonly Finding[]): readonly string[] {
  const width = view.width - labelWidth(view) - 4;
  const hasSummaries = items.some((item) => item.summary !== undefined);
  if (items.length > fewEnough || !hasSummaries) {
    return wrapped(
      items.map((item) => idText(view, group, item)),
      width,
      '  ',
    );
  }
  return items.flatMap((item) => {
    const summary = item.summary === undefined ? '' : `  ${escapeTerminal(item.summary)}`;
    const [first = '', ...rest] = wrapped([idText(view, group, item)], width);
    return rest.length === 0 ? [shortened(first + summary, width)] : [first, ...rest];
  });
}

/** The id, with what sets it apart from the rest of its package. */
function idText(view: View, group: PackageGroup, item: Finding): string {
  const score = item.score === undefined ? [] : [view.format.score(item.score)];
  const fix = group.fixable > 0 ? fixText(view, item.fix.state) : undefined;
  const reach = sharedAnswer(group) === undefined ? reachText(view, group.answers.get(item.id)) : undefined;
  const notes = [
    ...(fix === undefined ? [] : [fix]),
    ...(item.verdict.kind === 'denied' ? [view.texts.denied] : []),
    ...(reach === undefined ? [] : [reach]),
  ];
  const note = notes.length === 0 ? [] : [`(${notes.join(', ')})`];
  return [escapeTerminal(item.id), ...score, ...note].join(' ');
}
