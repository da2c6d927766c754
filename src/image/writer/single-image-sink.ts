import type { Context } from '../../core/context.ts';
import type { Digest } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import { imageLayers, parseImageConfig, parseManifest } from '../manifest.ts';
import type { Descriptor } from '../model.ts';
import type { ImageSink, OpenBlob } from '../transfer.ts';
import { collectBytes } from '../transfer-blob.ts';

/** An image as engines take it: its configuration, and its layers as they are stored at the source. */
export interface SingleImage {
  readonly config: { readonly bytes: Uint8Array; readonly digest: Digest };
  readonly layers: readonly { readonly diffId: Digest; readonly open: OpenBlob }[];
}

/** A sink that gathers one image and hands it on when it is whole. */
export function singleImageSink(
  context: Context,
  deliver: (image: SingleImage) => Promise<void>,
  close: () => Promise<void>,
): ImageSink {
  const blobs = new Map<Digest, OpenBlob>();
  const manifests: Uint8Array[] = [];
  return {
    holds: 'image',
    has: async () => false,
    tagged: async () => undefined,
    putBlob: async ({ digest }, open) => {
      blobs.set(digest, open);
    },
    putManifest: async (bytes) => {
      manifests.push(bytes);
    },
    commit: async () => {
      for (const manifest of manifests) await deliver(await gather(manifest, blobs, context));
    },
    close,
  };
}

async function gather(
  bytes: Uint8Array,
  blobs: ReadonlyMap<Digest, OpenBlob>,
  { limits, signal }: Context,
): Promise<SingleImage> {
  const manifest = parseManifest(bytes, { kind: 'manifest' });
  const { digest } = manifest.config;
  const config = await collectBytes(opened(manifest.config, blobs)(signal), limits.documentBytes, {
    kind: 'configuration',
  });
  const parsed = parseImageConfig(config, { kind: 'configuration' });
  return {
    config: { bytes: config, digest },
    layers: imageLayers(manifest, parsed).map(({ index }) => {
      const diffId = parsed.diffIds[index];
      const descriptor = manifest.layers[index];
      if (diffId === undefined || descriptor === undefined) throw new RangeError(`layer ${index}`);
      return { diffId, open: opened(descriptor, blobs) };
    }),
  };
}

function opened({ digest }: Descriptor, blobs: ReadonlyMap<Digest, OpenBlob>): OpenBlob {
  const open = blobs.get(digest);
  if (open !== undefined) return open;
  throw new CinzelError('untrusted.unsupported', {
    what: { kind: 'foreign-layer', digest },
  });
}
