import type { Catalogue } from '../../i18n/catalogue.ts';
import { english } from '../../i18n/en/index.ts';
import type { ReportFormat } from '../format.ts';
import type { ScanResult } from '../model.ts';

/** The whole text of a report, 80 columns wide and without colour unless said otherwise. */
export function renderText(
  format: ReportFormat,
  result: ScanResult,
  options: { readonly catalogue?: Catalogue; readonly width?: number; readonly color?: boolean } = {},
): string {
  const { catalogue = english, width = 80, color = false } = options;
  return [...format.render(result, { catalogue, width, color })].join('');
}
