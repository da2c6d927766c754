import colors from 'picocolors';
import type { Severity } from '../../../findings/model.ts';

type Paint = (text: string) => string;

/** The colours of the table; none when colour is off. Meaning never hangs on colour alone. */
export interface Palette {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly caution: Paint;
  readonly severity: Readonly<Record<Severity, Paint>>;
}

export function createPalette(color: boolean): Palette {
  const paint = colors.createColors(color);
  return {
    strong: paint.bold,
    faint: paint.dim,
    good: paint.green,
    caution: paint.yellow,
    severity: {
      critical: (text) => paint.bold(paint.red(text)),
      high: paint.red,
      medium: paint.yellow,
      low: paint.cyan,
      negligible: paint.dim,
      unknown: paint.magenta,
    },
  };
}
