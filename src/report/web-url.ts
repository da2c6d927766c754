/** The text if it is an absolute http or https URL, normalised; undefined otherwise. Advisories may hold any string. */
export function webUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
