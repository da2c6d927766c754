import { sha256 } from '../../../core/digest.ts';
import type { Package } from '../../../inventory/model.ts';
import { imagePurl } from '../../image-purl.ts';
import { stateLicenses } from '../../license-expression.ts';
import type { ImageSummary, LayerSummary } from '../../model.ts';
import { webUrl } from '../../web-url.ts';

export const imageReference = 'SPDXRef-Image';
export const systemReference = 'SPDXRef-OperatingSystem';

/** The SPDX identifier of a package: letters, digits, `.` and `-` only (section 3.2), so a hash tells them apart. */
export function packageReference({ id, type }: Pick<Package, 'id' | 'type'>): string {
  return `SPDXRef-Package-${type}-${sha256(id).slice(7, 27)}`;
}

/** What every package says that is not about its name: nothing was analysed, nothing concluded. */
const common = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
  supplier: 'NOASSERTION',
} as const;

export function createImagePackage(image: ImageSummary): object {
  const purl = imagePurl(image);
  const [algorithm, value] = image.digest?.split(':') ?? [];
  return {
    ...common,
    SPDXID: imageReference,
    name: image.name,
    ...(image.digest === undefined ? {} : { versionInfo: image.digest }),
    licenseDeclared: 'NOASSERTION',
    primaryPackagePurpose: 'CONTAINER',
    ...(algorithm === undefined ? {} : { checksums: [{ algorithm: algorithm.toUpperCase(), checksumValue: value }] }),
    ...(purl === undefined ? {} : { externalRefs: [purlReference(purl)] }),
  };
}

export function createSystemPackage(os: NonNullable<ImageSummary['os']>): object {
  return {
    ...common,
    SPDXID: systemReference,
    name: os.id,
    ...(os.versionId === undefined ? {} : { versionInfo: os.versionId }),
    ...(os.prettyName === undefined ? {} : { summary: os.prettyName }),
    licenseDeclared: 'NOASSERTION',
    primaryPackagePurpose: 'OPERATING_SYSTEM',
  };
}

export function createPackage(item: Package, layers: readonly LayerSummary[]): object {
  const homepage = item.homepage === undefined ? undefined : webUrl(item.homepage);
  return {
    ...common,
    SPDXID: packageReference(item),
    name: item.name,
    versionInfo: item.version,
    ...(homepage === undefined ? {} : { homepage }),
    ...(item.summary === undefined ? {} : { summary: item.summary }),
    // The sentence by which other tools find the source package again.
    ...(item.source === undefined
      ? {}
      : { sourceInfo: `built package from: ${item.source.name} ${item.source.version}` }),
    licenseDeclared: stateLicenses(item.licenses).expression ?? 'NOASSERTION',
    comment: commentOf(item, layers),
    externalRefs: [purlReference(item.purl)],
  };
}

function commentOf(item: Package, layers: readonly LayerSummary[]): string {
  const [proof] = item.evidence;
  const layer = layers[item.layer]?.diffId ?? '';
  return `Found by ${proof.cataloger} in ${proof.path}, brought by layer ${item.layer} ${layer}`.trim();
}

function purlReference(purl: string): object {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl };
}
