import type { Catalogue } from '../i18n/catalogue.ts';
import { isDistributionType } from '../inventory/package-id.ts';
import type { SlimReport } from '../operations/slim-report.ts';
import type { DropReason, KeepReason, PlanEntry } from '../reach/plan/model.ts';
import { escapeTerminal } from '../report/escape.ts';
import { formatBytes, formatColumns } from './columns.ts';
import { strengthLine } from './difference-table.ts';

/** Packages that are dropped are told by size; more lines than this tell a person no more. */
const mostDropped = 15;
const width = 80;
/** Names are cut to what a line leaves, but to no less than this. */
const shortest = 16;

type Entries = readonly PlanEntry[];

/** A plan for people: what is kept of each package and folder and mostly why, then what is dropped; it fits 80 columns. */
export function slimTable(report: SlimReport, catalogue: Catalogue): string {
  const { slim: texts } = catalogue.commands;
  const groups = [...groupEntries(report, catalogue)].map(([what, entries]) => measure(what, entries));
  const kept = groups.filter(({ files }) => files > 0).sort((a, b) => b.bytes - a.bytes);
  const dropped = groups.filter(({ files, total }) => files === 0 && total > 0).sort((a, b) => b.size - a.size);
  const shown = [...kept, ...dropped.slice(0, mostDropped)];
  const rows = shown.map(({ what, bytes, size, files, total, why }) => [
    formatBytes(bytes),
    formatBytes(size),
    `${files}/${total}`,
    String(report.vulnerabilities?.packages[what] ?? ''),
    nameOf(what, report),
    why === undefined ? '' : reasonText(why, catalogue),
  ]);
  const lines = [
    ...(dropped.length > mostDropped ? [texts.more(dropped.length - mostDropped)] : []),
    ...slimLines(report, catalogue),
  ];
  const table = formatColumns(...fitted(texts.header, rows, report.vulnerabilities !== undefined));
  return `${table}\n${lines.map((line) => `${escapeTerminal(line)}\n`).join('')}`;
}

/** Without a store there is no column of vulnerabilities; names are cut so that lines fit. */
function fitted(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  withVulnerabilities: boolean,
): readonly [readonly string[], readonly (readonly string[])[]] {
  const columns = header.flatMap((_, index) => (index === vulnerabilityColumn && !withVulnerabilities ? [] : [index]));
  const others = columns
    .filter((index) => index !== nameColumn)
    .map((index) => 2 + Math.max(...[header, ...rows].map((row) => row[index]?.length ?? 0)));
  const room = Math.max(shortest, width - others.reduce((sum, one) => sum + one, 0));
  const cell = (row: readonly string[], index: number): string =>
    index === nameColumn ? cut(row[index] ?? '', room) : (row[index] ?? '');
  const pick = (row: readonly string[]): readonly string[] => columns.map((index) => cell(row, index));
  return [pick(header), rows.map(pick)];
}

const vulnerabilityColumn = 3;
const nameColumn = 4;

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** A package by its name, with its type unless it is the distribution's. */
function nameOf(what: string, { packages }: SlimReport): string {
  const found = packages.find(({ id }) => id === what);
  if (found === undefined) return what;
  return isDistributionType(found.type) ? found.name : `${found.type} ${found.name}`;
}

/** What is told below the table, and when an image was written. */
export function slimLines(report: SlimReport, catalogue: Catalogue): readonly string[] {
  const { slim: texts } = catalogue.commands;
  const { before, after, packages, notKept, vulnerabilities, start, healthcheck, user, undecided, written } = report;
  const gone = packages.filter(({ fate }) => fate === 'dropped').length;
  const programs = [...new Set(notKept.map(({ program }) => program))].sort();
  const needs = user.needs.map(({ kind, detail }) => texts.rootNeed[kind](detail)).join(', ');
  return [
    texts.done(report.image.name, words(before), words(after)),
    texts.dropped(gone, formatBytes(before.bytes - after.bytes)),
    vulnerabilities === undefined
      ? texts.noStore
      : texts.vulnerabilities(vulnerabilities.before, vulnerabilities.after, vulnerabilities.codeGone.length),
    ...(vulnerabilities === undefined || vulnerabilities.uncovered.length === 0
      ? []
      : [texts.uncovered([...new Set(vulnerabilities.uncovered.map(({ ecosystem }) => ecosystem))].join(', '))]),
    user.root ? texts.root(needs) : texts.user(user.name ?? '', needs),
    ...(start === undefined ? [] : [texts.start(start.from.join(' '), start.to.join(' '))]),
    ...(healthcheck === undefined ? [] : [texts.healthcheck(healthcheck.by)]),
    ...(programs.length === 0 ? [] : [texts.notKept(programs.join(', '))]),
    ...(undecided.length === 0 ? [] : [texts.undecided(undecided.length)]),
    ...sharedLines(written?.shared ?? [], catalogue),
    ...behaviourLines(report, catalogue),
  ];
}

/** What other slimmed images need not bring again. */
function sharedLines(shared: NonNullable<SlimReport['written']>['shared'], catalogue: Catalogue): readonly string[] {
  if (shared.length === 0) return [];
  const bytes = shared.reduce((sum, layer) => sum + layer.bytes, 0);
  const names = shared.map(({ foundation }) => foundation).join(', ');
  return [catalogue.commands.slim.shared(formatBytes(bytes), names)];
}

/** Whether it behaves as its source does, and how much that says. */
export function behaviourLines({ behaviour, contract }: SlimReport, catalogue: Catalogue): readonly string[] {
  const { slim: texts } = catalogue.commands;
  if (contract === undefined) return [texts.behaviour];
  const repairs = contract.repairs.length === 0 ? [] : [texts.repaired(contract.repairs.length)];
  return [texts.behaves[behaviour], ...repairs, strengthLine(contract.strength, catalogue)];
}

function words({ bytes, files, packages }: SlimReport['before']): { size: string; files: number; packages: number } {
  return { size: formatBytes(bytes), files, packages };
}

function groupEntries({ entries }: SlimReport, { commands }: Catalogue): ReadonlyMap<string, Entries> {
  const { application, others } = commands.slim;
  const groups = new Map<string, PlanEntry[]>();
  for (const entry of entries) {
    if (entry.type === 'directory' || entry.type === 'symlink') continue;
    const what = entry.application ? application : (entry.package ?? others(topFolder(entry.path)));
    const group = groups.get(what);
    if (group === undefined) groups.set(what, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** `/usr/lib/x` is in `/usr/lib`, `/x` in `/`. */
function topFolder(path: string): string {
  return `/${path.split('/').slice(1, -1).slice(0, 2).join('/')}`;
}

interface Measured {
  readonly what: string;
  readonly bytes: number;
  readonly size: number;
  readonly files: number;
  readonly total: number;
  /** The reason of most bytes, and not what only comes along. */
  readonly why: KeepReason | DropReason | undefined;
}

function measure(what: string, entries: Entries): Measured {
  const kept = entries.filter(({ fate }) => fate === 'kept');
  const byReason = new Map<KeepReason | DropReason, number>();
  for (const { reason, size } of kept.length > 0 ? kept : entries) {
    byReason.set(reason, (byReason.get(reason) ?? 0) + size + 1);
  }
  const [first] = [...byReason].sort(([a, x], [b, y]) => weak(a) - weak(b) || y - x);
  return { what, bytes: sum(kept), size: sum(entries), files: kept.length, total: entries.length, why: first?.[0] };
}

/** What comes along tells less than why the rest is kept or dropped. */
function weak(reason: KeepReason | DropReason): number {
  return ['licence', 'record', 'metadata', 'documentation'].includes(reason) ? 1 : 0;
}

function sum(entries: Entries): number {
  return entries.reduce((bytes, { type, size }) => bytes + (type === 'file' ? size : 0), 0);
}

function reasonText(reason: KeepReason | DropReason, { commands }: Catalogue): string {
  const { reasons } = commands.slim;
  return reason in reasons
    ? reasons[reason as keyof typeof reasons]
    : commands.why.kinds[reason as keyof typeof commands.why.kinds];
}
