import type { Catalogue } from '../../../i18n/catalogue.ts';
import { contentUuid } from '../../content-uuid.ts';
import { escapeReference } from '../../escape.ts';
import type { ReportFormat } from '../../format.ts';
import { imagePurl } from '../../image-purl.ts';
import { jsonText, wellFormedDocument } from '../../json-text.ts';
import type { ScanResult } from '../../model.ts';
import { createComponent, properties, systemReference } from './components.ts';
import { createDependencies } from './dependencies.ts';
import { createVulnerabilities } from './vulnerabilities.ts';

/** CycloneDX 1.6 (ECMA-424) JSON: the inventory, and the vulnerabilities when they were looked up. */
export const cyclonedx: ReportFormat = {
  id: 'cyclonedx',
  mediaType: 'application/vnd.cyclonedx+json; version=1.6',
  shows: 'both',
  joins: 'stream',
  render: (result, { catalogue }) => jsonText(createDocument(result, catalogue)),
};

function createDocument(result: ScanResult, catalogue: Catalogue): object {
  const content = wellFormedDocument(createContent(result, catalogue));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${contentUuid(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
}

function createContent(result: ScanResult, catalogue: Catalogue): object {
  const { image } = result;
  const imageReference = `image:${escapeReference(image.digest ?? image.id ?? image.name)}`;
  const system = createSystem(result);
  return {
    metadata: {
      timestamp: result.createdAt,
      lifecycles: [{ phase: 'post-build' }],
      tools: { components: [{ type: 'application', name: 'cinzel', version: result.tool.version }] },
      component: createImage(result, imageReference),
    },
    components: [...system, ...result.packages.map((item) => createComponent(item, image.layers))],
    dependencies: createDependencies(result, imageReference),
    ...(result.findings === undefined
      ? {}
      : { vulnerabilities: createVulnerabilities(result.findings, result.packages, catalogue) }),
  };
}

function createImage({ image }: ScanResult, reference: string): object {
  const purl = imagePurl(image);
  const labels = Object.entries(image.config.labels ?? {}).map(
    ([key, value]) => [`cinzel:image:label:${key}`, value] as const,
  );
  return {
    type: 'container',
    'bom-ref': reference,
    name: image.name,
    ...(image.digest === undefined ? {} : { version: image.digest }),
    ...(purl === undefined ? {} : { purl }),
    properties: properties([
      ['cinzel:image:reference', image.reference],
      ['cinzel:image:id', image.id],
      ['cinzel:image:platform', image.platform],
      ['cinzel:image:size', String(image.size)],
      ...image.layers.map((layer) => ['cinzel:image:layer:diffId', layer.diffId] as const),
      ...labels,
    ]),
  };
}

function createSystem({ image }: ScanResult): readonly object[] {
  const { os } = image;
  if (os === undefined) return [];
  return [
    {
      type: 'operating-system',
      'bom-ref': systemReference,
      name: os.id,
      ...(os.versionId === undefined ? {} : { version: os.versionId }),
      ...(os.prettyName === undefined ? {} : { description: os.prettyName }),
    },
  ];
}
