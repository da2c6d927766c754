import { html, type Markup, type Piece } from '../markup.ts';

/** A term and what is said of it; left out when there is nothing to say. Long ones take the width of two. */
export type Definition = readonly [term: string, description: Piece, width?: 'wide'];

/** A description list of the definitions that say something. */
export function definitions(items: readonly Definition[], className: string): Markup {
  const said = items.filter(([, description]) => !isEmpty(description));
  return html`<dl class="${className}">${said.map(definition)}</dl>`;
}

function definition([term, description, width]: Definition): Markup {
  return html`<div${width === undefined ? undefined : html` class="wide"`}><dt>${term}</dt><dd>${description}</dd></div>`;
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
