import type { LayerReading } from '../filesystem/read-layer.ts';
import { formatPlatform, type Image } from '../image/model.ts';
import type { Inventory } from '../inventory/model.ts';
import type { ImageBase, ImageSummary, LayerSummary } from '../report/model.ts';
import type { Inspection } from './inspect.ts';

/** What a report says about the image itself. */
export function imageSummary(
  image: Image,
  { inventory, readings }: Pick<Inspection, 'inventory' | 'readings'>,
  base?: ImageBase,
): ImageSummary {
  const { reference, name, registry, digest, id, config } = image;
  const layers = image.layers.map((layer, index) => layerSummary(layer, readings[index]));
  const os = operatingSystem(inventory);
  return {
    reference,
    name,
    ...(registry === undefined ? {} : { registry }),
    ...(digest === undefined ? {} : { digest }),
    ...(id === undefined ? {} : { id }),
    platform: formatPlatform(image.platform),
    ...(os === undefined ? {} : { os }),
    ...(base === undefined ? {} : { base }),
    size: layers.reduce((sum, layer) => sum + layer.size, 0),
    layers,
    config: {
      ...(config.user === undefined ? {} : { user: config.user }),
      ...(config.entrypoint === undefined ? {} : { entrypoint: config.entrypoint }),
      ...(config.cmd === undefined ? {} : { cmd: config.cmd }),
      ...(config.env === undefined ? {} : { env: config.env }),
      ...(config.exposedPorts === undefined ? {} : { exposedPorts: config.exposedPorts }),
      ...(config.workingDir === undefined ? {} : { workingDir: config.workingDir }),
      ...(config.labels === undefined ? {} : { labels: config.labels }),
    },
    surface: inventory.surface,
  };
}

function operatingSystem({ distribution }: Inventory): ImageSummary['os'] {
  if (distribution === undefined) return undefined;
  const { id, versionId, prettyName } = distribution;
  return { id, ...(versionId === undefined ? {} : { versionId }), ...(prettyName === undefined ? {} : { prettyName }) };
}

function layerSummary(layer: Image['layers'][number], reading: LayerReading | undefined): LayerSummary {
  const compressedSize = layer.compressedSize ?? reading?.compressedSize;
  return {
    index: layer.index,
    ...(layer.digest === undefined ? {} : { digest: layer.digest }),
    ...(layer.diffId === undefined ? {} : { diffId: layer.diffId }),
    size: reading?.size ?? 0,
    ...(compressedSize === undefined ? {} : { compressedSize }),
    ...(layer.createdBy === undefined ? {} : { createdBy: layer.createdBy }),
    verified: reading?.verified ?? 'no',
  };
}
