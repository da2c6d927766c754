import { compareText } from '../../../../core/compare-text.ts';
import { counted, type Page } from '../page.ts';

const day = 24 * 60 * 60 * 1000;

/** How old the oldest feed's data was when the report was made; absent when no feed states a time. */
export function advisoryAge(page: Page): string | undefined {
  const oldest = (page.result.advisories?.feeds ?? [])
    .flatMap((feed) => (feed.updatedAt === undefined ? [] : [feed.updatedAt]))
    .toSorted(compareText)[0];
  if (oldest === undefined) return undefined;
  const days = Math.floor((Date.parse(page.result.createdAt) - Date.parse(oldest)) / day);
  if (Number.isNaN(days)) return undefined;
  const { advisoryAge: age, advisoryFresh } = page.texts.facts;
  return days < 1 ? advisoryFresh : age(counted(page, 'days', days));
}
