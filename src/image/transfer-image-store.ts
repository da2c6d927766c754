import { createHash } from 'node:crypto';
import { type Digest, sha256 } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import { detectCompression } from '../formats/decompress.ts';
import { engineName } from './destination.ts';
import { mediaTypes } from './manifest.ts';
import { blobSize, type Descriptor, type Image, type Layer } from './model.ts';
import type { ImageStore, OpenBlob } from './transfer.ts';
import { openBytes, openLayerBlob } from './transfer-blob.ts';
import { type Document, imageManifest, mediaTypeOf } from './transfer-manifest.ts';

interface StoredBlob {
  readonly descriptor: Descriptor;
  readonly open: OpenBlob | undefined;
}

/**
 * One opened image as a store. Its own manifest is kept where it has one; for a Docker archive one is made, whose
 * layers are the archive's files as they are. Layers need bytes of their own: a packed archive is spooled before.
 */
export async function imageStore(image: Image, signal: AbortSignal): Promise<ImageStore> {
  const { rawConfig } = image;
  if (rawConfig === undefined) {
    throw new CinzelError('untrusted.not-an-image', { path: image.reference });
  }
  const config = blobOfBytes(rawConfig, mediaTypes.ociConfig);
  const layers = await Promise.all(image.layers.map((layer) => storedLayer(layer, image, signal)));
  const document = ownManifest(image) ?? madeManifest(config.descriptor, layers);
  const blobs = new Map([config, ...layers].map((blob) => [blob.descriptor.digest, blob]));
  blobs.set(image.id ?? config.descriptor.digest, config);
  const imageName = engineName(image.name);
  return {
    name: image.name,
    ...(imageName === undefined ? {} : { imageName }),
    roots: async () => [{ ...document.descriptor, platform: image.platform }],
    manifest: async () => document.bytes,
    blob: ({ digest }) => blobs.get(digest)?.open,
    referrers: async () => [],
    tagged: async () => undefined,
    close: () => image.close(),
  };
}

function ownManifest({ rawManifest, name }: Image): Document | undefined {
  if (rawManifest === undefined) return undefined;
  const mediaType = mediaTypeOf(rawManifest, name);
  return { bytes: rawManifest, descriptor: { mediaType, digest: sha256(rawManifest), size: rawManifest.length } };
}

function madeManifest(config: Descriptor, layers: readonly StoredBlob[]): Document {
  return imageManifest({ config, layers: layers.map(({ descriptor }) => descriptor) });
}

function blobOfBytes(bytes: Uint8Array, mediaType: string): StoredBlob {
  return { descriptor: { mediaType, digest: sha256(bytes), size: bytes.length }, open: openBytes(bytes) };
}

async function storedLayer(layer: Layer, image: Image, signal: AbortSignal): Promise<StoredBlob> {
  const { mediaType, digest, compressedSize } = layer;
  const open = layer.blob === undefined ? undefined : openLayerBlob(layer.blob);
  if (digest !== undefined && compressedSize !== undefined && image.rawManifest !== undefined) {
    return { descriptor: { mediaType, digest, size: compressedSize }, open };
  }
  if (open === undefined || layer.blob === undefined || layer.diffId === undefined) {
    throw new CinzelError('untrusted.malformed', {
      what: image.name,
      problem: { kind: 'lacks-layer', layer: layer.index },
    });
  }
  const start = await firstBytes(open, signal);
  const size = blobSize(layer.blob);
  if (detectCompression(start) === 'plain' && size !== undefined) {
    return { descriptor: { mediaType: mediaTypes.ociLayer, digest: layer.diffId, size }, open };
  }
  return { descriptor: await measure(open, layerType(start), signal), open };
}

/** The media type of a layer by its first bytes (image specification, layer.md). */
function layerType(start: Uint8Array): string {
  const compression = detectCompression(start);
  if (compression === 'plain') return mediaTypes.ociLayer;
  if (compression === 'gzip' || compression === 'zstd') return `${mediaTypes.ociLayer}+${compression}`;
  throw new CinzelError('untrusted.unsupported', { what: { kind: 'compressed-layer', compression } });
}

async function firstBytes(open: OpenBlob, signal: AbortSignal): Promise<Uint8Array> {
  for await (const chunk of open(signal)) return chunk;
  return new Uint8Array();
}

async function measure(open: OpenBlob, mediaType: string, signal: AbortSignal): Promise<Descriptor> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of open(signal)) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { mediaType, digest: `sha256:${hash.digest('hex')}` satisfies Digest, size };
}
