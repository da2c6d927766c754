import { sha256 } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import { mediaTypes, parseImageConfig } from '../manifest.ts';
import type { Descriptor } from '../model.ts';
import type { ImageSink, ManifestPlace, OpenBlob } from '../transfer.ts';
import { openBytes } from '../transfer-blob.ts';
import { type Document, imageManifest } from '../transfer-manifest.ts';
import { verified } from '../transfer-verify.ts';

/** A layer that is ready to be written, in the form in which it is stored. */
export interface NewLayer {
  readonly descriptor: Descriptor;
  readonly open: OpenBlob;
}

/** An image that was made here. */
export interface NewImage {
  /** The image configuration, whose diff IDs are those of the layers in their order. */
  readonly config: Uint8Array;
  readonly layers: readonly NewLayer[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A layer whose bytes are in memory; plain unless the media type says otherwise. */
export function layerOfBytes(bytes: Uint8Array, mediaType: string = mediaTypes.ociLayer): NewLayer {
  return { descriptor: { mediaType, digest: sha256(bytes), size: bytes.length }, open: openBytes(bytes) };
}

/**
 * Puts an image with a manifest made for it into a sink, under a tag, and gives the manifest; equal images give equal
 * bytes. The caller commits. Throws `untrusted.*` when a layer is not what its descriptor says.
 */
export function writeImage(sink: ImageSink, image: NewImage, tag: string): Promise<Document> {
  return putImage(sink, image, { kind: 'tagged', tag });
}

/** The same for an image that is not what a tag names, such as one platform of several. */
export async function putImage(sink: ImageSink, image: NewImage, place: ManifestPlace): Promise<Document> {
  const { config, layers, annotations } = image;
  const { platform, diffIds } = parseImageConfig(config, { kind: 'configuration' });
  if (diffIds.length !== layers.length) {
    throw new CinzelError('untrusted.malformed', {
      what: { kind: 'configuration' },
      problem: { kind: 'layers-of-image', found: diffIds.length, expected: layers.length },
    });
  }
  const configuration = layerOfBytes(config, mediaTypes.ociConfig);
  for (const { descriptor, open } of [configuration, ...layers]) {
    if (await sink.has(descriptor)) continue;
    await sink.putBlob(descriptor, (signal) =>
      verified(open(signal), descriptor, { kind: 'blob', digest: descriptor.digest }),
    );
  }
  const manifest = imageManifest({
    config: configuration.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(annotations === undefined ? {} : { annotations }),
  });
  const document = { bytes: manifest.bytes, descriptor: { ...manifest.descriptor, platform } };
  await sink.putManifest(document.bytes, document.descriptor, place);
  return document;
}
