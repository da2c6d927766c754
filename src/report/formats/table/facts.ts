import { compareText } from '../../../core/compare-text.ts';
import { baseName, type ImagePath } from '../../../core/path.ts';
import { ageText } from '../../age.ts';
import { escapeTerminal } from '../../escape.ts';
import { hasFiles } from '../../has-files.ts';
import { columns, commaWords, padded, shortened, wrapped } from './text-layout.ts';
import { counted, type View } from './view.ts';

interface Fact {
  readonly label: string;
  readonly words: readonly string[];
  readonly tone: 'plain' | 'good' | 'caution';
}

/** What the image is: its name, then a line for each fact. */
export function* factsPart(view: View): Iterable<string> {
  yield* title(view);
  yield '';
  const facts = collectFacts(view);
  const labels = Math.max(...facts.map((fact) => columns(fact.label)));
  for (const fact of facts) yield* factLines(view, fact, labels);
}

function* title(view: View): Iterable<string> {
  const { image } = view.result;
  const name = wrapped([escapeTerminal(image.name)], view.width);
  const platform = escapeTerminal(image.platform);
  const last = name.at(-1) ?? '';
  const gap = view.width - columns(last) - columns(platform);
  for (const line of name.slice(0, -1)) yield view.palette.strong(line);
  if (gap >= 2) yield view.palette.strong(last) + ' '.repeat(gap) + view.palette.faint(platform);
  else yield* [view.palette.strong(last), view.palette.faint(platform)];
  if (image.reference !== image.name) {
    yield view.palette.faint(shortened(escapeTerminal(image.reference), view.width));
  }
}

function* factLines(view: View, fact: Fact, labels: number): Iterable<string> {
  const indent = labels + 4;
  const paint = fact.tone === 'plain' ? (text: string) => text : view.palette[fact.tone];
  const lines = wrapped(fact.words, view.width - indent);
  for (const [index, line] of lines.entries()) {
    const label = padded(index === 0 ? fact.label : '', labels);
    yield `  ${view.palette.faint(label)}  ${paint(line)}`;
  }
}

function collectFacts(view: View): readonly Fact[] {
  const { facts } = view.texts;
  const { image } = view.result;
  return [
    { label: facts.system, words: words(systemName(view)), tone: 'plain' },
    ...baseFact(view),
    ...(hasFiles(image) ? [{ label: facts.size, words: words(sizeText(view)), tone: 'plain' } as const] : []),
    { label: facts.packages, words: packageWords(view), tone: 'plain' },
    ...(hasFiles(image) ? exposureFacts(view) : []),
    ...(view.result.findings === undefined ? [] : [advisoriesFact(view)]),
  ];
}

/** What the image offers to whoever gets in. */
function exposureFacts(view: View): readonly Fact[] {
  const { facts } = view.texts;
  const { surface } = view.result.image;
  return [
    { label: facts.user, ...userFact(view) },
    { label: facts.shell, ...surfaceFact(view, surface.shells) },
    { label: facts.packageManager, ...surfaceFact(view, surface.packageManagers) },
    { label: facts.downloaders, ...surfaceFact(view, surface.downloaders) },
    {
      label: facts.setuid,
      words: [surface.setuid.length === 0 ? view.texts.none : view.format.number(surface.setuid.length)],
      tone: surface.setuid.length === 0 ? 'good' : 'plain',
    },
  ];
}

function words(text: string): readonly string[] {
  return escapeTerminal(text)
    .split(' ')
    .filter((word) => word !== '');
}

function systemName(view: View): string {
  const { os } = view.result.image;
  if (os === undefined) return view.texts.unknownSystem;
  return os.prettyName ?? [os.id, os.versionId].filter((part) => part !== undefined).join(' ');
}

function baseFact(view: View): readonly Fact[] {
  const { base, layers } = view.result.image;
  if (base === undefined) return [];
  const text = view.texts.baseIn(base.name, view.format.number(base.layers), counted(view, 'layers', layers.length));
  return [{ label: view.texts.facts.base, words: words(text), tone: 'plain' }];
}

function sizeText(view: View): string {
  const { image } = view.result;
  return view.texts.sizeIn(view.format.bytes(image.size), counted(view, 'layers', image.layers.length));
}

function packageWords(view: View): readonly string[] {
  const types = Object.entries(view.result.summary.packages).toSorted(
    ([a, countA], [b, countB]) => countB - countA || compareText(a, b),
  );
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  const parts = types.map(([type, count]) => `${view.format.number(count)} ${type}`);
  return parts.length === 0 ? [view.format.number(0)] : [`${view.format.number(total)}:`, ...commaWords(parts)];
}

function userFact(view: View): Pick<Fact, 'words' | 'tone'> {
  const user = view.result.image.config.user ?? '';
  if (user === '') return { words: words(view.texts.rootByDefault), tone: 'caution' };
  const isRoot = /^(?:root|0)(?::|$)/.test(user);
  return { words: words(user), tone: isRoot ? 'caution' : 'good' };
}

function surfaceFact(view: View, paths: readonly ImagePath[]): Pick<Fact, 'words' | 'tone'> {
  if (paths.length === 0) return { words: [view.texts.none], tone: 'good' };
  const names = [...new Set(paths.map(baseName))].toSorted(compareText);
  return { words: commaWords(names.map(escapeTerminal)), tone: 'plain' };
}

/** Each feed with the age of its oldest part: that is how far the answer can be trusted. */
function advisoriesFact(view: View): Fact {
  const label = view.texts.facts.advisories;
  const oldest = new Map<string, string | undefined>();
  for (const feed of view.result.advisories?.feeds ?? []) {
    const known = oldest.get(feed.id);
    const isOlder = known === undefined || (feed.updatedAt !== undefined && feed.updatedAt < known);
    if (!oldest.has(feed.id) || isOlder) oldest.set(feed.id, feed.updatedAt);
  }
  if (oldest.size === 0) return { label, words: words(view.texts.noAdvisories), tone: 'caution' };
  const ages = [...oldest].map(([id, time]) => `${id} ${ageText(time, view.result.createdAt, view.texts)}`);
  return { label, words: commaWords(ages).flatMap(words), tone: 'plain' };
}
