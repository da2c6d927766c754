import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';
import type { Section } from '../sections.ts';

/** Links to the page's sections, with how much each holds. */
export function navigation(page: Page, sections: readonly Section[]): Markup {
  return html`<nav class="sections" aria-label="${page.texts.sections}"><div class="wrap"><ul>${sections.map((section) => link(page, section))}</ul></div></nav>\n`;
}

function link(page: Page, { id, heading, count }: Section): Markup {
  const badge = count === undefined ? undefined : html` <span class="count">${page.format.number(count)}</span>`;
  return html`<li><a href="#${id}">${heading}${badge}</a></li>`;
}
