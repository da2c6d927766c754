import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Context } from '../../core/context.ts';
import { mediaTypes, parseManifest } from '../manifest.ts';
import type { Descriptor } from '../model.ts';
import type { ImageStore, OpenBlob } from '../transfer.ts';
import { openSlice } from '../transfer-blob.ts';
import { lacking } from '../transfer-choose.ts';
import { type Document, imageManifest } from '../transfer-manifest.ts';
import { verified } from '../transfer-verify.ts';
import type { LayerEncoder } from './layer-encoder.ts';
import type { Spool } from './spool.ts';

/** An image whose plain layers have been compressed. */
export interface CompressedImage {
  readonly manifest: Document;
  /** The source, with the compressed layers besides. */
  readonly store: ImageStore;
}

const plainTypes = new Set<string>([mediaTypes.ociLayer, 'application/vnd.docker.image.rootfs.diff.tar']);

/**
 * Compresses the plain layers of an image into the spool, checked against their descriptors on the way, and makes a
 * manifest of OCI media types that names them. Configuration and compressed layers stay as they are.
 */
export async function compressLayers(
  store: ImageStore,
  image: Document,
  { encoder, spool, context }: { readonly encoder: LayerEncoder; readonly spool: Spool; readonly context: Context },
): Promise<CompressedImage> {
  const { config, layers, annotations } = parseManifest(image.bytes, store.name);
  const made = new Map<string, OpenBlob>();
  const compress = async (layer: Descriptor): Promise<Descriptor> => {
    if (!plainTypes.has(layer.mediaType)) return { ...layer, mediaType: ociLayerType(layer.mediaType) };
    const open = store.blob(layer);
    if (open === undefined) throw lacking(store, layer);
    const plain = verified(open(context.signal), layer, `${store.name}: ${layer.digest}`);
    const hash = createHash('sha256');
    const file = await spool.store(hashing(encoder.encode(plain), hash));
    const { size } = await stat(file);
    const digest = `sha256:${hash.digest('hex')}` as const;
    made.set(digest, openSlice({ file, offset: 0, size }));
    return { mediaType: encoder.mediaType, digest, size };
  };
  const compressed: Descriptor[] = [];
  for (const layer of layers) compressed.push(await compress(layer));
  const manifest = imageManifest({
    config: { ...config, mediaType: mediaTypes.ociConfig },
    layers: compressed,
    ...(annotations === undefined ? {} : { annotations }),
  });
  const { platform } = image.descriptor;
  return {
    manifest: {
      bytes: manifest.bytes,
      descriptor: { ...manifest.descriptor, ...(platform === undefined ? {} : { platform }) },
    },
    store: { ...store, blob: (blob) => made.get(blob.digest) ?? store.blob(blob) },
  };
}

/** Docker's media types in OCI's words; they name the same bytes. */
function ociLayerType(mediaType: string): string {
  return mediaType === 'application/vnd.docker.image.rootfs.diff.tar.gzip' ? `${mediaTypes.ociLayer}+gzip` : mediaType;
}

async function* hashing(
  source: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}
