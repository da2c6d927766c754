import { compareText } from '../../../core/compare-text.ts';
import { contentUuid } from '../../content-uuid.ts';
import type { ReportFormat } from '../../format.ts';
import { jsonText, wellFormedDocument } from '../../json-text.ts';
import type { LicenseReference } from '../../license-expression.ts';
import { stateLicenses } from '../../license-expression.ts';
import type { ScanResult } from '../../model.ts';
import { createImagePackage, createPackage, createSystemPackage } from './packages.ts';
import { createRelationships } from './relationships.ts';

/** SPDX 2.3 (ISO/IEC 5962's successor) JSON: the inventory, without files and without vulnerabilities. */
export const spdx: ReportFormat = {
  id: 'spdx',
  mediaType: 'application/spdx+json',
  shows: 'packages',
  joins: 'stream',
  render: (result) => jsonText(createDocument(result)),
};

function createDocument(result: ScanResult): object {
  const content = wellFormedDocument(createContent(result));
  const name = result.image.name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100);
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    // Section 6.5: the form for documents that are not published under a domain of their own.
    documentNamespace: `https://spdx.org/spdxdocs/${name}-${contentUuid(JSON.stringify(content))}`,
    ...content,
  };
}

function createContent(result: ScanResult): object {
  const references = extractedLicenses(result);
  return {
    name: result.image.name,
    creationInfo: {
      // Section 6.9 knows no fractions of a second.
      created: result.createdAt.replace(/\.\d+Z$/, 'Z'),
      creators: [`Tool: cinzel-${result.tool.version}`],
    },
    ...(references.length === 0 ? {} : { hasExtractedLicensingInfos: references }),
    packages: [
      createImagePackage(result.image),
      ...(result.image.os === undefined ? [] : [createSystemPackage(result.image.os)]),
      ...result.packages.map((item) => createPackage(item, result.image.layers)),
    ],
    relationships: createRelationships(result),
  };
}

/** Section 10: every `LicenseRef-` that the packages use, once. */
function extractedLicenses(result: ScanResult): readonly object[] {
  const references = new Map<string, LicenseReference>();
  for (const item of result.packages) {
    for (const reference of stateLicenses(item.licenses).references) references.set(reference.id, reference);
  }
  return [...references.values()]
    .toSorted((a, b) => compareText(a.id, b.id))
    .map(({ id, text }) => ({ licenseId: id, name: text, extractedText: text }));
}
