import { compareDiagnostics } from '../core/diagnostics.ts';
import { countPackages } from '../findings/summary.ts';
import { loadCatalogue } from '../i18n/load.ts';
import { imageLayers, parseImageConfig, parseManifest } from '../image/manifest.ts';
import type { Image } from '../image/model.ts';
import type { Document } from '../image/transfer-manifest.ts';
import type { NewImage } from '../image/writer/write-image.ts';
import { reportFormats } from '../report/formats/index.ts';
import type { ScanResult } from '../report/model.ts';
import { version } from '../version.ts';
import type { ImageDocument } from './attach-documents.ts';
import { imageSummary } from './image-summary.ts';
import { inspect } from './inspect.ts';
import type { Toolbox } from './toolbox.ts';

/** The forms in which an image's SBOM is attached, by the predicate types that cosign gives them. */
const sbomForms = [
  { format: 'spdx', predicateType: 'https://spdx.dev/Document', mediaType: 'application/spdx+json' },
  { format: 'cyclonedx', predicateType: 'https://cyclonedx.org/bom', mediaType: 'application/vnd.cyclonedx+json' },
] as const;

/** An image that was made here, with the manifest that was made for it. */
export interface MadeImage {
  /** As the SBOM calls it. */
  readonly name: string;
  /** That it goes to. */
  readonly registry?: string;
  readonly image: NewImage;
  readonly manifest: Document;
}

/**
 * The SBOMs of an image that was made here, by the same catalogers that a scan of it asks. The time in them is the
 * image's own, so that equal images have equal SBOMs.
 */
export async function newImageSboms(made: MadeImage, toolbox: Toolbox): Promise<readonly ImageDocument[]> {
  const result = await inventoryResult(made, toolbox);
  const options = { catalogue: await loadCatalogue('en'), width: 80, color: false };
  const documents: ImageDocument[] = [];
  for (const { format, predicateType, mediaType } of sbomForms) {
    const { render } = await reportFormats[format]();
    documents.push({ predicateType, mediaType, bytes: Buffer.from([...render(result, options)].join('')) });
  }
  return documents;
}

async function inventoryResult(made: MadeImage, toolbox: Toolbox): Promise<ScanResult> {
  const image = openMade(made);
  const inspection = await inspect(image, toolbox);
  const { packages, history } = inspection.inventory;
  return {
    schemaVersion: 1,
    tool: { name: 'cinzel', version },
    createdAt: new Date(image.created ?? 0).toISOString(),
    image: imageSummary(image, inspection),
    packages,
    history,
    summary: { packages: countPackages(packages) },
    diagnostics: [...inspection.diagnostics].sort(compareDiagnostics),
  };
}

/** The image as if it had been opened from where it goes. */
export function openMade({ name, registry, image, manifest }: MadeImage): Image {
  const parsed = parseImageConfig(image.config, 'The configuration');
  const read = parseManifest(manifest.bytes, 'The manifest');
  return {
    reference: name,
    name,
    ...(registry === undefined ? {} : { registry }),
    digest: manifest.descriptor.digest,
    id: read.config.digest,
    platform: parsed.platform,
    ...(parsed.created === undefined ? {} : { created: parsed.created }),
    config: parsed.config,
    history: parsed.history,
    layers: imageLayers(read, parsed).map((layer, index) => {
      const stored = image.layers[index];
      if (stored === undefined) return layer;
      return { ...layer, blob: { kind: 'stream', size: stored.descriptor.size, open: stored.open } };
    }),
    rawManifest: manifest.bytes,
    rawConfig: image.config,
    close: async () => {},
  };
}
