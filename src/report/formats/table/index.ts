import type { ReportFormat } from '../../format.ts';
import { groupByPackage } from '../../package-groups.ts';
import { countsPart } from './counts.ts';
import { endingPart } from './ending.ts';
import { factsPart } from './facts.ts';
import { groupBlock } from './group-block.ts';
import { packageList } from './package-list.ts';
import { createView, type View } from './view.ts';

/** The report for a terminal: what the image is, how many vulnerabilities, each package worst first, what to do. */
export const table: ReportFormat = {
  id: 'table',
  mediaType: 'text/plain; charset=utf-8',
  shows: 'both',
  joins: 'text',
  *render(result, options) {
    for (const line of allLines(createView(result, options))) yield `${line}\n`;
  },
};

function* allLines(view: View): Iterable<string> {
  yield* factsPart(view);
  yield '';
  if (view.result.findings === undefined) {
    yield* packageList(view);
    return yield* endingPart(view, []);
  }
  const groups = groupByPackage(view.result);
  yield* countsPart(view, groups);
  for (const group of groups) {
    yield '';
    yield* groupBlock(view, group);
  }
  yield* endingPart(view, groups);
}
