import type { Catalogue } from '../i18n/catalogue.ts';
import type { SlimReport } from '../operations/slim.ts';
import type { DropReason, KeepReason, PlanEntry } from '../reach/plan/model.ts';
import { escapeTerminal } from '../report/escape.ts';
import { formatBytes, formatColumns } from './columns.ts';

/** Packages that are dropped are told by size; more lines than this tell a person no more. */
const mostDropped = 15;

type Entries = readonly PlanEntry[];

/** A plan for people: what is kept of each package and folder and mostly why, then what is dropped. */
export function slimTable(report: SlimReport, catalogue: Catalogue): string {
  const { slim: texts } = catalogue.commands;
  const groups = [...groupEntries(report, catalogue)].map(([what, entries]) => measure(what, entries));
  const kept = groups.filter(({ files }) => files > 0).sort((a, b) => b.bytes - a.bytes);
  const dropped = groups.filter(({ files, total }) => files === 0 && total > 0).sort((a, b) => b.size - a.size);
  const rows = [...kept, ...dropped.slice(0, mostDropped)].map(({ what, bytes, size, files, total, why }) => [
    formatBytes(bytes),
    formatBytes(size),
    `${files}/${total}`,
    what,
    why === undefined ? '' : reasonText(why, catalogue),
  ]);
  const { before, after, packages, notKept } = report;
  const gone = packages.filter(({ fate }) => fate === 'dropped').length;
  const programs = [...new Set(notKept.map(({ program }) => program))].sort();
  const lines = [
    ...(dropped.length > mostDropped ? [texts.more(dropped.length - mostDropped)] : []),
    texts.dropped(gone, formatBytes(before.bytes - after.bytes)),
    texts.done(report.image.name, words(before), words(after)),
    ...(programs.length === 0 ? [] : [texts.notKept(programs.join(', '))]),
    ...(report.undecided.length === 0 ? [] : [texts.undecided(report.undecided.length)]),
    texts.behaviour,
  ];
  return `${formatColumns(texts.header, rows)}\n${lines.map((line) => `${escapeTerminal(line)}\n`).join('')}`;
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
