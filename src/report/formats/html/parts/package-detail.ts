import type { Package } from '../../../../inventory/model.ts';
import { externalLink } from '../link.ts';
import { html, type Markup } from '../markup.ts';
import type { Page } from '../page.ts';
import { codeList, definitions } from './definitions.ts';

/** Everything known about a package: identity, source, licences, relations, and what proves it. */
export function packageDetail(page: Page, item: Package): Markup {
  const { texts, format } = page;
  return definitions(
    [
      [texts.package.summary, item.summary],
      [texts.package.purl, html`<code>${item.purl}</code>`],
      [texts.package.source, nameAndVersion(item.source)],
      [
        texts.package.builtUsing,
        item.builtUsing?.map((source) => html`<span class="line">${nameAndVersion(source)}</span>`),
      ],
      [texts.package.architecture, item.architecture],
      [texts.package.state, item.state],
      [texts.package.size, item.installedSize === undefined ? undefined : format.bytes(item.installedSize)],
      [texts.packages.licenses, codeList(item.licenses)],
      [texts.package.dependencies, dependencies(page, item)],
      [texts.package.homepage, item.homepage === undefined ? undefined : externalLink(item.homepage)],
      [texts.package.maintainer, item.maintainer],
      [texts.package.origin, item.origin === undefined ? undefined : externalLink(item.origin)],
      [
        texts.package.evidence,
        item.evidence.map(
          ({ path, layer }) => html`<span class="line">${texts.finding.evidenceAt(path, String(layer))}</span>`,
        ),
      ],
    ],
    'detail',
  );
}

function nameAndVersion(source: Package['source']): Markup | undefined {
  return source === undefined ? undefined : html`${source.name} <code>${source.version}</code>`;
}

function dependencies(page: Page, item: Package): string | undefined {
  const names = item.dependsOn?.map((id) => page.packagesById.get(id)?.name ?? id);
  return names === undefined || names.length === 0 ? undefined : names.join(', ');
}
