import { type Digest, sha256 } from '../core/digest.ts';
import { mediaTypes } from '../image/manifest.ts';
import { layerOfBytes, type NewLayer } from '../image/writer/write-image.ts';
import type { LayerFile } from './files.ts';
import { layerTar } from './layer-tar.ts';
import type { LayerPlan } from './layering.ts';

/** How layers are stored. */
export type LayerCompression = 'none' | 'gzip';

/** Where compressed layers are kept between builds. */
export interface BlobCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** A layer that was made, with the digest of its uncompressed bytes. */
export interface MadeLayer {
  readonly diffId: Digest;
  readonly layer: NewLayer;
  readonly plainSize: number;
}

interface LayerOptions {
  readonly compression: LayerCompression;
  readonly cache: BlobCache;
  /** Folders that the image below has, by path. */
  readonly below?: ReadonlyMap<string, LayerFile>;
}

/** Makes the layers of an image. A compressed one is taken from the cache when it was made before. */
export async function makeLayers(
  plans: readonly LayerPlan[],
  { compression, cache, below }: LayerOptions,
): Promise<readonly MadeLayer[]> {
  const made: MadeLayer[] = [];
  const folders = new Map([...(below ?? []), ...foldersOf(plans)]);
  for (const { groups, shared } of plans) {
    const plain = layerTar(
      groups.flatMap(({ files }) => files),
      shared === true ? new Map() : folders,
    );
    const diffId = sha256(plain);
    const layer = compression === 'none' ? layerOfBytes(plain) : await compressed(plain, diffId, cache);
    made.push({ diffId, layer, plainSize: plain.length });
  }
  return made;
}

/** The folders of an image, by path, as the last layer leaves them. */
function foldersOf(plans: readonly LayerPlan[]): ReadonlyMap<string, LayerFile> {
  const files = plans.flatMap(({ groups }) => groups.flatMap((group) => group.files));
  return new Map(files.filter(({ header }) => header.type === 'directory').map((file) => [file.header.name, file]));
}

async function compressed(plain: Uint8Array, diffId: Digest, cache: BlobCache): Promise<NewLayer> {
  const { gzipReproducibly, reproducibleGzip } = await import('../image/writer/reproducible-gzip.ts');
  const { name, version, level } = reproducibleGzip;
  const key = `layer-blob/${name}-${version}-${level}/${diffId}`;
  const known = await cache.get(key);
  const bytes = known ?? gzipReproducibly(plain);
  if (known === undefined) await cache.put(key, bytes);
  return layerOfBytes(bytes, `${mediaTypes.ociLayer}+gzip`);
}
