import type { Diagnostic } from '../core/diagnostics.ts';
import { sha256 } from '../core/digest.ts';
import type { LayerSpool } from '../filesystem/layer-spool.ts';
import type { LayerReading } from '../filesystem/read-layer.ts';
import type { LayersRead } from '../filesystem/read-layers.ts';
import type { Image } from '../image/model.ts';
import { catalogerVersions } from '../inventory/catalogers/versions.ts';
import { distributionPaths } from '../inventory/distribution-paths.ts';
import type { Inventory } from '../inventory/model.ts';
import type { ContentCache } from '../net/content-cache.ts';
import { decodeInspection, encodeInspection, inspectionVersion } from './inspection-record.ts';
import type { Toolbox } from './toolbox.ts';

/** What is in an image. */
export interface Inspection {
  readonly inventory: Inventory;
  /** One for each layer. */
  readonly readings: readonly LayerReading[];
  /** Of layers and inventory. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same key means the same content; absent where content cannot be known without reading it. */
  readonly key?: string;
}

/**
 * Takes the inventory of an image. When that of the same layers was taken before, it comes from the cache whole, so
 * that neither the layers nor what is known of each are read again.
 */
export async function inspect(image: Image, toolbox: Toolbox): Promise<Inspection> {
  const key = inspectionKey(image);
  const cache = await toolbox.cache();
  const known = key === undefined ? undefined : await readKnown(key, cache);
  if (key !== undefined && known !== undefined) return { ...known, key };
  const inspection = await inspectAnew(image, toolbox);
  const verified = inspection.readings.every((reading) => reading.verified !== 'no');
  if (key === undefined || !verified) return inspection;
  await cache.put(key, encodeInspection(inspection));
  return { ...inspection, key };
}

async function inspectAnew(image: Image, toolbox: Toolbox): Promise<Inspection> {
  const [{ takeInventory }, { catalogers }] = await Promise.all([
    import('../inventory/take-inventory.ts'),
    import('../inventory/catalogers/index.ts'),
  ]);
  const { filesystem, readings, diagnostics } = await readImageLayers(image, toolbox);
  const inventory = await takeInventory(filesystem, catalogers, toolbox.context);
  return { inventory, readings, diagnostics: [...diagnostics(), ...inventory.diagnostics] };
}

/** Reads the layers of an image, with what catalogers ask for; a spool serves whoever asks for much more. */
export async function readImageLayers(image: Image, toolbox: Toolbox, spool?: LayerSpool): Promise<LayersRead> {
  const [{ readLayers }, { catalogers }] = await Promise.all([
    import('../filesystem/read-layers.ts'),
    import('../inventory/catalogers/index.ts'),
  ]);
  const { context, configuration } = toolbox;
  return readLayers(image.layers, {
    context,
    selects: [...distributionPaths, ...catalogers.flatMap((cataloger) => [...cataloger.selects, ...cataloger.reads])],
    cacheKey: catalogerVersions,
    cache: await toolbox.cache(),
    verify: configuration.get('verify'),
    ...(spool === undefined ? {} : { spool }),
  });
}

/** The same layers in the same order give the same inventory; undefined when a layer has no diff ID. */
function inspectionKey({ layers }: Image): string | undefined {
  const diffIds = layers.flatMap(({ diffId }) => diffId ?? []);
  if (diffIds.length < layers.length || layers.some(({ blob }) => blob === undefined)) return undefined;
  return `image/${inspectionVersion}/${catalogerVersions}/${sha256(diffIds.join('\n'))}`;
}

/** The layers were verified when they were read; this time they were not read. */
async function readKnown(key: string, cache: ContentCache): Promise<Inspection | undefined> {
  const bytes = await cache.get(key);
  const known = bytes && decodeInspection(bytes);
  return known && { ...known, readings: known.readings.map((reading) => ({ ...reading, verified: 'cache' })) };
}
