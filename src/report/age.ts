import type { Catalogue } from '../i18n/catalogue.ts';

const hour = 60 * 60 * 1000;

/** How old something was when the result was made, in words; that it is undated when a time is absent or is none. */
export function ageText(updatedAt: string | undefined, createdAt: string, texts: Catalogue['report']): string {
  const hours = Math.floor((Date.parse(createdAt) - Date.parse(updatedAt ?? '')) / hour);
  if (Number.isNaN(hours)) return texts.undated;
  if (hours < 1) return texts.age.now;
  return hours < 48 ? texts.age.hours(hours) : texts.age.days(Math.floor(hours / 24));
}
