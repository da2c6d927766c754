import { html, type Markup } from './markup.ts';

/** A link to a page elsewhere, or the plain text when the address is not an absolute http or https URL. */
export function externalLink(url: string, text: string = url): Markup {
  const target = webUrl(url);
  return target === undefined ? html`${text}` : html`<a href="${target}" rel="noopener noreferrer">${text}</a>`;
}

function webUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
