import { compareText } from '../../core/compare-text.ts';
import { escapeTerminal } from '../escape.ts';
import type { ReportFormat } from '../format.ts';

/** Every vulnerability that is not suppressed, one id a line, sorted: for scripts, and for diffs between two scans. */
export const ids: ReportFormat = {
  id: 'ids',
  mediaType: 'text/plain; charset=utf-8',
  shows: 'findings',
  joins: 'text',
  *render(result) {
    const standing = (result.findings ?? []).filter((finding) => finding.verdict.kind !== 'suppressed');
    const unique = new Set(standing.map((finding) => finding.id));
    for (const id of [...unique].toSorted(compareText)) yield `${escapeTerminal(id)}\n`;
  },
};
