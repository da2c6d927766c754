import { html, type Markup, type Piece } from '../markup.ts';

/** A term and what is said of it; left out when there is nothing to say. */
export type Definition = readonly [term: string, description: Piece];

/** A description list of the definitions that say something. */
export function definitions(items: readonly Definition[], className: string): Markup {
  const said = items.filter(([, description]) => !isEmpty(description));
  return html`<dl class="${className}">${said.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function isEmpty(piece: Piece): boolean {
  return piece === undefined || piece === '' || (Array.isArray(piece) && piece.length === 0);
}

/** A list of texts, each in code style. */
export function codeList(texts: readonly string[]): Markup | undefined {
  return texts.length === 0
    ? undefined
    : html`<ul class="plain">${texts.map((text) => html`<li><code>${text}</code></li>`)}</ul>`;
}
