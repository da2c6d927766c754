import type { RenderOptions, ReportFormat } from '../../format.ts';
import type { ScanResult } from '../../model.ts';
import { document } from './document.ts';
import { serialize } from './markup.ts';
import { createPage } from './page.ts';

/**
 * One self-contained page: everything is in the HTML, so it reads and prints without script; the script adds search,
 * sorting and filters. It loads nothing and its Content Security Policy allows only its own script and style.
 */
export const html: ReportFormat = {
  id: 'html',
  mediaType: 'text/html; charset=utf-8',
  shows: 'both',
  render,
};

function* render(result: ScanResult, { catalogue }: RenderOptions): Iterable<string> {
  for (const piece of document(createPage(result, catalogue))) yield serialize(piece);
}
