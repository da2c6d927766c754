import type { Catalogue } from '../../../i18n/catalogue.ts';
import type { Package } from '../../../inventory/model.ts';
import type { ScanResult } from '../../model.ts';
import { groupByPackage, type PackageGroup } from '../../package-groups.ts';
import { createValueFormat, type ValueFormat } from '../../value-format.ts';
import { type FindingRow, groupFindings } from './finding-rows.ts';

/** What every part of the page is made from. */
export interface Page {
  readonly result: ScanResult;
  readonly catalogue: Catalogue;
  readonly texts: Catalogue['html'];
  readonly format: ValueFormat;
  /** Worst first; empty when vulnerabilities were not looked up. */
  readonly rows: readonly FindingRow[];
  /** The findings by what one upgrade changes, worst first. */
  readonly groups: readonly PackageGroup[];
  readonly packagesById: ReadonlyMap<string, Package>;
}

/** Prepares the parts' common view of a result. */
export function createPage(result: ScanResult, catalogue: Catalogue): Page {
  const packagesById = new Map(result.packages.map((item) => [item.id, item]));
  return {
    result,
    catalogue,
    texts: catalogue.html,
    format: createValueFormat(catalogue.language),
    rows: groupFindings(result.findings ?? [], packagesById),
    groups: groupByPackage(result),
    packagesById,
  };
}

/** `1,204 packages`: a count with its noun, from a text of the catalogue. */
export function counted(page: Page, noun: keyof Page['texts']['count'], count: number): string {
  return page.texts.count[noun](count, page.format.number(count));
}
