import { escapeTerminal } from '../../escape.ts';
import { columns, padded, shortened } from './text-layout.ts';
import type { View } from './view.ts';

/** Every package on one line: what `sbom` shows, which knows no findings. */
export function* packageList(view: View): Iterable<string> {
  const { name, version, type, layer } = view.texts.columns;
  const items = view.result.packages.map((item) => [
    escapeTerminal(item.name),
    escapeTerminal(item.version),
    item.type as string,
    String(item.layer),
  ]);
  const rows = [[name, version, type, layer], ...items];
  const fixed = Math.max(...rows.map((row) => columns(row[2] ?? ''))) + columns(layer) + 6;
  const room = view.width - fixed;
  const versions = Math.min(widest(rows, 1), Math.floor(room / 2));
  const names = Math.min(widest(rows, 0), room - versions);
  for (const [index, [first = '', second = '', third = '', fourth = '']] of rows.entries()) {
    const line = [
      padded(shortened(first, names), names),
      padded(shortened(second, versions), versions),
      padded(third, fixed - columns(layer) - 6),
      fourth,
    ].join('  ');
    yield index === 0 ? view.palette.faint(line) : line.trimEnd();
  }
}

function widest(rows: readonly (readonly string[])[], column: number): number {
  return Math.max(...rows.map((row) => columns(row[column] ?? '')));
}
