import { isDeepStrictEqual } from 'node:util';
import { type CompanionKind, companionTag } from '../companion-tags.ts';
import { mediaTypes, parseManifest } from '../manifest.ts';
import type { Descriptor } from '../model.ts';
import type { ImageSink } from '../transfer.ts';
import { openBytes } from '../transfer-blob.ts';
import { imageManifest } from '../transfer-manifest.ts';
import { layerOfBytes } from '../writer/write-image.ts';

/** One signature or attestation in the manifest that cosign keeps for an image. */
export interface CompanionLayer {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Adds signatures or attestations to those that the destination has of a manifest (SIGNATURE_SPEC.md, "OCI Image
 * Manifest V1"). One that is there already is not added again. The caller commits.
 */
export async function addCompanions(
  sink: ImageSink,
  subject: Descriptor,
  kind: CompanionKind,
  added: readonly CompanionLayer[],
): Promise<void> {
  const tag = companionTag(subject.digest, kind);
  const present = await sink.tagged(tag);
  const layers = present === undefined ? [] : [...parseManifest(present, tag).layers];
  for (const { mediaType, bytes, annotations } of added) {
    const { descriptor } = layerOfBytes(bytes, mediaType);
    const layer = { ...descriptor, annotations };
    if (layers.some((other) => isSame(other, layer))) continue;
    await sink.putBlob(descriptor, openBytes(bytes));
    layers.push(layer);
  }
  const config = layerOfBytes(companionConfig(layers), mediaTypes.ociConfig);
  await sink.putBlob(config.descriptor, config.open);
  const { bytes, descriptor } = imageManifest({ config: config.descriptor, layers });
  await sink.putManifest(bytes, descriptor, { kind: 'tagged', tag });
}

function isSame(one: Descriptor, other: Descriptor): boolean {
  return one.digest === other.digest && isDeepStrictEqual(one.annotations, other.annotations);
}

/** An image configuration of nothing but the layers, as cosign writes it: some registries demand one. */
function companionConfig(layers: readonly Descriptor[]): Uint8Array {
  const created = '0001-01-01T00:00:00Z';
  return Buffer.from(
    JSON.stringify({
      architecture: '',
      created,
      history: layers.map(() => ({ created })),
      os: '',
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
      config: {},
    }),
  );
}
