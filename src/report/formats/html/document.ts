import { contentSecurityPolicy } from './content-security-policy.ts';
import { script, style } from './generated-assets.ts';
import { html, type Markup, ownCode } from './markup.ts';
import type { Page } from './page.ts';
import { masthead } from './parts/masthead.ts';
import { navigation } from './parts/navigation.ts';
import { summarySection } from './parts/summary.ts';
import { renderSection, sectionsOf } from './sections.ts';

/** The whole page, in pieces. */
export function* document(page: Page): Iterable<Markup> {
  const { texts, result, catalogue } = page;
  const sections = sectionsOf(page);
  yield html`<!doctype html>
<html lang="${catalogue.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Cinzel ${result.tool.version}">
<title>${texts.title(result.image.name)}</title>
<style>${ownCode(style)}</style>
<script>${ownCode(script)}</script>
</head>
<body>
<a class="skip" href="#${sections.some((section) => section.id === 'findings') ? 'findings' : 'packages'}">${texts.skip}</a>
`;
  yield masthead(page);
  yield navigation(page, sections);
  yield html`<main class="wrap">\n`;
  yield summarySection(page);
  for (const section of sections) yield* renderSection(page, section);
  yield html`</main>
<footer><div class="wrap">${texts.footer(result.tool.version, page.format.time(result.createdAt))}</div></footer>
</body>
</html>\n`;
}
