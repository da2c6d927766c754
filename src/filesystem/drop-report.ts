import type { Report } from '../core/diagnostics.ts';

/** So many dropped entries of a layer are enough to see what is wrong with it. */
const listed = 1_000;

/** Passes diagnostics on, but of dropped entries no more than the first of each layer: an archive may hold millions. */
export function dropReport(report: Report): Report {
  const drops = new Map<number, number>();
  return (diagnostic) => {
    if (diagnostic.code !== 'layer.entry-dropped') return report(diagnostic);
    const layer = diagnostic.layer ?? 0;
    const count = drops.get(layer) ?? 0;
    drops.set(layer, count + 1);
    if (count < listed) report(diagnostic);
    if (count === listed) report({ code: 'layer.unlisted-drops', severity: 'warning', parameters: { listed }, layer });
  };
}
