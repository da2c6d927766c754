import { compareText } from '../../../../core/compare-text.ts';
import { ageText } from '../../../age.ts';
import type { Page } from '../page.ts';

/** How old the oldest feed's data was when the report was made; absent when no feed states a time. */
export function advisoryAge(page: Page): string | undefined {
  const oldest = (page.result.advisories?.feeds ?? [])
    .flatMap((feed) => (feed.updatedAt === undefined ? [] : [feed.updatedAt]))
    .toSorted(compareText)[0];
  return oldest === undefined ? undefined : ageText(oldest, page.result.createdAt, page.catalogue.report);
}
