import licenseIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { compareText } from '../../../core/compare-text.ts';
import type { Package } from '../../../inventory/model.ts';
import { escapeReference } from '../../escape.ts';
import { stateLicenses } from '../../license-expression.ts';
import type { LayerSummary } from '../../model.ts';
import { webUrl } from '../../web-url.ts';

/** The bom-ref of the operating system. */
export const systemReference = 'operating-system';

/** The bom-ref of a package. */
export function packageReference(id: string): string {
  return `package:${escapeReference(id)}`;
}

/** A component of type library with the files and layers that prove it. */
export function createComponent(item: Package, layers: readonly LayerSummary[]): object {
  const { group, name } = splitName(item);
  const licenses = licenseChoice(item.licenses);
  const homepage = item.homepage === undefined ? undefined : webUrl(item.homepage);
  return {
    type: 'library',
    'bom-ref': packageReference(item.id),
    ...(item.maintainer === undefined ? {} : { publisher: item.maintainer }),
    ...(group === undefined ? {} : { group }),
    name,
    version: item.version,
    ...(item.summary === undefined ? {} : { description: item.summary }),
    ...(licenses.length === 0 ? {} : { licenses }),
    purl: item.purl,
    ...(homepage === undefined ? {} : { externalReferences: [{ type: 'website', url: homepage }] }),
    evidence: { occurrences: item.evidence.map((proof) => occurrence(proof, layers)) },
    properties: properties([
      ['cinzel:package:type', item.type],
      ['cinzel:package:ownedBy', item.ownedBy],
      ['cinzel:package:state', item.state],
      ['cinzel:source:name', item.source?.name],
      ['cinzel:source:version', item.source?.version],
      ...(item.builtUsing ?? []).map((source) => ['cinzel:builtUsing', `${source.name} ${source.version}`] as const),
      ['cinzel:layer:index', String(item.layer)],
      ['cinzel:layer:diffId', layers[item.layer]?.diffId],
    ]),
  };
}

/** npm's scope and Maven's group are CycloneDX's group. */
function splitName(item: Package): { group?: string; name: string } {
  const cut = item.type === 'maven' ? item.name.indexOf(':') : item.name.startsWith('@') ? item.name.indexOf('/') : -1;
  return cut <= 0 ? { name: item.name } : { group: item.name.slice(0, cut), name: item.name.slice(cut + 1) };
}

function occurrence(proof: Package['evidence'][number], layers: readonly LayerSummary[]): object {
  const layer = layers[proof.layer]?.diffId ?? `layer ${proof.layer}`;
  return { location: proof.path, additionalContext: `${proof.cataloger}, ${layer}` };
}

const knownIds: ReadonlySet<string> = new Set(licenseIds);

/** The one expression that the schema allows, or the single identifier, which more readers understand. */
function licenseChoice(licenses: readonly string[]): readonly object[] {
  const { expression } = stateLicenses(licenses);
  if (expression === undefined) return [];
  if (knownIds.has(expression)) return [{ license: { id: expression, acknowledgement: 'declared' } }];
  return [{ expression, acknowledgement: 'declared' }];
}

/** Properties in CycloneDX's form, by name; absent values are left out. */
export function properties(pairs: readonly (readonly [string, string | undefined])[]): readonly object[] {
  return pairs
    .flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
    .toSorted((a, b) => compareText(a.name, b.name));
}
