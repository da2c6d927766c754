import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from './measure.ts';

const page = join(import.meta.dirname, '../../docs/corpus.md');

const columns = [
  'application',
  'MB',
  'packages',
  'CVEs',
  'missed (a)',
  'kept / opened (b)',
  'answered (c)',
  'denied (d)',
  'shell',
];

/** Writes the measured part of `docs/corpus.md`. */
export function writeTable(all: readonly Measured[]): void {
  const text = readFileSync(page, 'utf8');
  const part = `$1\n${tableOf(all)}\n${reasonsOf(all)}\n$2`;
  writeFileSync(page, text.replace(/(<!-- measured -->\n)[\s\S]*?(<!-- end -->)/, part));
}

function tableOf(all: readonly Measured[]): string {
  const rows = all.map(({ app, fat, slim, missed, kept, traced, answered, denied, shells }) => [
    app.title,
    `${megabytes(fat.bytes)} → ${megabytes(slim.bytes)}`,
    `${fat.packages} → ${slim.packages}`,
    `${fat.vulnerabilities} → ${slim.vulnerabilities}`,
    missed.length,
    weighed(kept, traced),
    `${Math.floor(answered * 100)} %`,
    denied.length,
    shells.length === 0 ? 'none' : 'needed',
  ]);
  return aligned([columns, ...rows].map((row) => row.map(String)));
}

/** Beside next to nothing a ratio says nothing. */
function weighed(kept: number, traced: number): string {
  const [one, two] = [megabytes(kept), megabytes(traced)];
  return two === '0.0' ? `${one} / ${two}` : `${one} / ${two} = ${(kept / traced).toFixed(2)}`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')}\n`;
}

/** Why it is more than twice what was opened, where it is: what was kept and not opened, the largest first. */
function reasonsOf(all: readonly Measured[]): string {
  const over = all.filter(({ kept, traced }) => kept > 2 * traced);
  return over
    .map(({ app, unopened }) => {
      const parts = unopened
        .filter(({ bytes }) => bytes >= 500_000)
        .map(({ what, bytes, reason }) => `${what} ${megabytes(bytes)} MB (${reason})`);
      return parts.length === 0 ? '' : `- ${app.title}: ${parts.join(', ')}.\n`;
    })
    .join('');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
