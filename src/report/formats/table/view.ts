import type { Catalogue } from '../../../i18n/catalogue.ts';
import type { RenderOptions } from '../../format.ts';
import type { ScanResult } from '../../model.ts';
import { createValueFormat, type ValueFormat } from '../../value-format.ts';
import { createPalette, type Palette } from './paint.ts';

/** What every part of the table is given. */
export interface View {
  readonly result: ScanResult;
  readonly catalogue: Catalogue;
  readonly texts: Catalogue['report'];
  readonly format: ValueFormat;
  readonly palette: Palette;
  /** Columns of a line; no line is wider. */
  readonly width: number;
}

/** Nothing can be laid out in fewer columns; terminals that are narrower wrap by themselves. */
const narrowest = 40;

export function createView(result: ScanResult, options: RenderOptions): View {
  return {
    result,
    catalogue: options.catalogue,
    texts: options.catalogue.report,
    format: createValueFormat(options.catalogue.language),
    palette: createPalette(options.color),
    width: Math.max(narrowest, options.width),
  };
}

/** A count with its noun, as the language writes both: `1,204 packages`. */
export function counted(view: View, noun: keyof View['texts']['count'], count: number): string {
  return view.texts.count[noun](count, view.format.number(count));
}
