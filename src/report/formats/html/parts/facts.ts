import { hasFiles } from '../../../has-files.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { counted, type Page } from '../page.ts';
import { advisoryAge } from './advisory-age.ts';
import { type Definition, definitions } from './definitions.ts';

/** What the image is, how it starts, and what it offers an attacker. */
export function facts(page: Page): Markup {
  const ofFiles = hasFiles(page.result.image) ? [...behaviour(page), ...surface(page)] : [];
  const all = [...identity(page), ...ofFiles, ...origin(page)];
  return html`<div class="facts"><h3 class="unseen">${page.texts.facts.heading}</h3>${definitions(all, 'grid')}</div>`;
}

function identity(page: Page): readonly Definition[] {
  const { texts } = page;
  const { image } = page.result;
  return [
    [texts.facts.distribution, image.os?.prettyName ?? image.os?.id ?? texts.unknown],
    [texts.facts.platform, image.platform],
    [texts.facts.base, baseImage(page)],
    [texts.facts.size, hasFiles(image) ? size(page) : undefined],
    [texts.facts.user, hasFiles(image) ? user(page) : undefined],
    [texts.facts.digest, code(image.digest), 'wide'],
    [texts.facts.imageId, code(image.id), 'wide'],
    [texts.facts.reference, code(image.reference), 'wide'],
    [texts.facts.packages, packagesByType(page), 'wide'],
  ];
}

function size(page: Page): Markup {
  const { texts, format, result } = page;
  const compressed = compressedSize(page);
  return html`${format.bytes(result.image.size)}${compressed === undefined ? undefined : html` <span class="quiet">${texts.facts.compressed(format.bytes(compressed))}</span>`}`;
}

function baseImage(page: Page): Piece {
  const { base, layers } = page.result.image;
  if (base === undefined) return undefined;
  return page.texts.facts.baseOf(base.name, page.format.number(base.layers), counted(page, 'layers', layers.length));
}

/** Only when each layer's is known, as a sum of some would mislead, and when some layer is compressed. */
function compressedSize(page: Page): number | undefined {
  const total = page.result.image.layers.reduce<number | undefined>(
    (sum, layer) => (sum === undefined || layer.compressedSize === undefined ? undefined : sum + layer.compressedSize),
    0,
  );
  return total === page.result.image.size ? undefined : total;
}

function packagesByType(page: Page): Piece {
  const types = Object.entries(page.result.summary.packages);
  if (types.length === 0) return page.texts.none;
  return types.map(([type, count]) => html`<span class="item">${type} ${page.format.number(count)}</span>`);
}

function behaviour(page: Page): readonly Definition[] {
  const { texts } = page;
  const { config } = page.result.image;
  return [
    [
      texts.facts.command,
      code([...(config.entrypoint ?? []), ...(config.cmd ?? [])].join(' ')) ?? texts.notStated,
      'wide',
    ],
    [texts.facts.workingDirectory, code(config.workingDir)],
    [texts.facts.ports, config.exposedPorts?.join(', ')],
  ];
}

function user(page: Page): Piece {
  const name = page.result.image.config.user ?? '';
  const account = name.split(':')[0] ?? '';
  if (account === '') return html`<span class="flag">${page.texts.facts.rootByDefault}</span>`;
  return account === 'root' || account === '0'
    ? html`<span class="flag">${page.texts.facts.rootUser}</span>`
    : code(name);
}

function surface(page: Page): readonly Definition[] {
  const { texts, format } = page;
  const found = page.result.image.surface;
  return [
    [texts.facts.shells, paths(page, found.shells)],
    [texts.facts.packageManagers, paths(page, found.packageManagers)],
    [texts.facts.downloaders, paths(page, found.downloaders)],
    [texts.facts.setuid, paths(page, found.setuid)],
    [
      texts.facts.executables,
      texts.facts.executablesOf(format.number(found.executables), counted(page, 'files', found.files)),
    ],
  ];
}

const pathsShown = 4;

function paths(page: Page, list: readonly string[]): Piece {
  if (list.length === 0) return html`<span class="good">${page.texts.none}</span>`;
  const rest = list.length - pathsShown;
  const more = html`<li class="quiet">${page.texts.facts.more(page.format.number(rest))}</li>`;
  return html`<ul class="plain">${list.slice(0, pathsShown).map((path) => html`<li><code>${path}</code></li>`)}${rest > 0 ? more : undefined}</ul>`;
}

function origin(page: Page): readonly Definition[] {
  const { texts, result } = page;
  return [
    [texts.facts.advisoryData, advisoryAge(page)],
    [texts.facts.createdAt, page.format.time(result.createdAt)],
    [texts.facts.tool, `Cinzel ${result.tool.version}`],
  ];
}

function code(text: string | undefined): Markup | undefined {
  return text === undefined || text === '' ? undefined : html`<code>${text}</code>`;
}
