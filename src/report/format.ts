import type { Catalogue } from '../i18n/catalogue.ts';
import type { ScanResult } from './model.ts';

/** One way to write a result. Adding a format is adding one file and its line in `formats/index.ts`. */
export interface ReportFormat {
  readonly id: string;
  readonly mediaType: string;
  /** Whether it shows findings, an inventory, or both. */
  readonly shows: 'findings' | 'packages' | 'both';
  /**
   * What the texts of several results are, one after another: a text of this format, or a stream of documents as readers
   * of JSON take them. Absent when they are neither.
   */
  readonly joins?: 'text' | 'stream';
  /** The text in pieces; ends with a newline. */
  readonly render: (result: ScanResult, options: RenderOptions) => Iterable<string>;
}

export interface RenderOptions {
  readonly catalogue: Catalogue;
  /** Columns of the terminal; 80 when it is none. */
  readonly width: number;
  readonly color: boolean;
}
