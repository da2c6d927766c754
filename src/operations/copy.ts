import type { Diagnostic } from '../core/diagnostics.ts';
import type { Digest } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import { type Destination, parseDestination } from '../image/destination.ts';
import { parseManifest } from '../image/manifest.ts';
import type { ImageSink, ImageStore } from '../image/transfer.ts';
import { chooseImage, chooseWhole } from '../image/transfer-choose.ts';
import { copyDocument, copyReferrers } from '../image/transfer-copy.ts';
import type { Document } from '../image/transfer-manifest.ts';
import { compressLayers } from '../image/writer/compress-layers.ts';
import { type LayerEncoding, layerEncoders } from '../image/writer/layer-encoder.ts';
import { openSpool, type Spool } from '../image/writer/spool.ts';
import { openCopySource } from './copy-source.ts';
import { destinationTag, openDestination } from './open-destination.ts';
import { wantedPlatform } from './open-image.ts';
import type { Toolbox } from './toolbox.ts';

export interface CopyOptions {
  /** Copies the index with every image that it names, instead of one. */
  readonly allPlatforms: boolean;
  /** Copies what refers to the image, such as signatures. */
  readonly referrers: boolean;
  /** Compresses plain layers; absent leaves every layer as it is stored. */
  readonly compression?: LayerEncoding;
}

export interface CopyResult {
  /** Of the manifest or index at the destination; of the configuration, the image ID, where there are no manifests. */
  readonly digest: Digest;
  /** What was left out: layers that only their owner may hand out. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Copies an image from any source to any destination, which afterwards has all of it or nothing. */
export async function copy(from: string, to: string, options: CopyOptions, toolbox: Toolbox): Promise<CopyResult> {
  const destination = parseDestination(to);
  checkOptions(destination, options);
  const beyondOneImage = options.allPlatforms || options.referrers;
  const wanted = {
    beyondOneImage,
    ...(destination.kind === 'registry' ? { destinationRegistry: destination.name.registry } : {}),
  };
  const { store, registry } = await openCopySource(from, wanted, toolbox);
  try {
    const { imageName } = store;
    const names = {
      ...(imageName === undefined ? {} : { imageName }),
      ...(registry === undefined ? {} : { source: registry }),
    };
    const sink = await openDestination(destination, names, toolbox);
    try {
      return await transfer(store, sink, { ...options, tag: destinationTag(destination) }, toolbox);
    } finally {
      await sink.close();
    }
  } finally {
    await store.close();
  }
}

/** Engines and their archives hold one image; compressing makes another image, which nothing refers to. */
function checkOptions({ kind }: Destination, { allPlatforms, referrers, compression }: CopyOptions): void {
  const isSingle = kind === 'docker-archive' || kind === 'docker' || kind === 'podman';
  if (isSingle && (allPlatforms || referrers)) {
    throw new CinzelError('usage.one-image', { leave: '--all-platforms, --referrers' });
  }
  if (compression !== undefined && (isSingle || allPlatforms || referrers)) {
    throw new CinzelError('usage.compression', {});
  }
}

interface TransferOptions extends CopyOptions {
  readonly tag: string;
}

async function transfer(
  store: ImageStore,
  sink: ImageSink,
  options: TransferOptions,
  toolbox: Toolbox,
): Promise<CopyResult> {
  const { context } = toolbox;
  const diagnostics: Diagnostic[] = [];
  const image = options.allPlatforms
    ? await chooseWhole(store)
    : await chooseImage(store, wantedPlatform(toolbox), context);
  const spool = options.compression === undefined ? undefined : await openSpool();
  try {
    const source = await encoded(store, image, { ...options, spool }, toolbox);
    const copying = {
      store: source.store,
      sink,
      context,
      report: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic),
      done: new Set<Digest>(),
    };
    await copyDocument(copying, source.manifest, { kind: 'tagged', tag: options.tag });
    if (options.referrers) await copyReferrers(copying);
    await sink.commit();
    return { digest: resultDigest(source.manifest, sink), diagnostics };
  } finally {
    await spool?.close();
  }
}

async function encoded(
  store: ImageStore,
  manifest: Document,
  { compression, spool }: { readonly compression?: LayerEncoding; readonly spool: Spool | undefined },
  { context }: Toolbox,
): Promise<{ readonly store: ImageStore; readonly manifest: Document }> {
  if (compression === undefined || spool === undefined) return { store, manifest };
  return compressLayers(store, manifest, { encoder: layerEncoders[compression], spool, context });
}

function resultDigest({ bytes, descriptor }: Document, { holds }: ImageSink): Digest {
  return holds === 'manifests' ? descriptor.digest : parseManifest(bytes, 'The manifest').config.digest;
}
