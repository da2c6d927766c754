import { hasFiles } from '../../../has-files.ts';
import { html, type Markup } from '../markup.ts';
import { counted, type Page } from '../page.ts';

/** The banner: what is reported on, and the switch of the colour scheme, which the script shows. */
export function masthead(page: Page): Markup {
  const { image } = page.result;
  return html`<header class="masthead"><div class="wrap">
<div class="brand">${mark()}<span class="wordmark">Cinzel</span><span class="kicker">${page.texts.kicker}</span><button type="button" class="theme" id="theme" aria-pressed="false" hidden><span class="knob" aria-hidden="true"></span>${page.texts.darkTheme}</button></div>
<h1>${image.name}</h1>
<p class="lede">${ledeParts(page).map((part) => html`<span>${part}</span>`)}</p>
</div></header>\n`;
}

function ledeParts(page: Page): readonly string[] {
  const { image, packages } = page.result;
  const distribution = image.os?.prettyName ?? image.os?.id;
  return [
    ...(distribution === undefined ? [] : [distribution]),
    image.platform,
    ...(hasFiles(image)
      ? [page.texts.facts.sizeDetail(page.format.bytes(image.size), counted(page, 'layers', image.layers.length))]
      : []),
    counted(page, 'packages', packages.filter((item) => item.ownedBy === undefined).length),
  ];
}

function mark(): Markup {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M4 15.5 12 20l8-4.5"/><path d="M4 11l8 4.5L20 11"/><path class="cut" d="M9.2 8.1 12 9.6l8-4.5L12 1 4 5.1l2 1.1"/></svg>`;
}
