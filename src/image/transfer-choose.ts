import type { Context } from '../core/context.ts';
import { CinzelError } from '../core/errors.ts';
import { isIndexType, mediaTypes, parseImageConfig, parseIndex, parseManifest } from './manifest.ts';
import type { Descriptor, Platform } from './model.ts';
import { requirePlatform, selectPlatform } from './platform.ts';
import { nestingLimit } from './sources/oci-layout.ts';
import type { ImageStore } from './transfer.ts';
import { collectBytes } from './transfer-blob.ts';
import { type Document, imageIndex, mediaTypeOf } from './transfer-manifest.ts';
import { verified, verifyBytes } from './transfer-verify.ts';

/** The one image of the wanted platform, which is the host's where there is a choice. Throws `usage.platform`. */
export async function chooseImage(
  store: ImageStore,
  platform: Platform | undefined,
  context: Context,
): Promise<Document> {
  let candidates = await store.roots();
  for (let depth = 0; depth < nestingLimit; depth++) {
    const document = await readDocument(store, selectPlatform(candidates, platform));
    if (!isIndexType(document.descriptor.mediaType)) return checkPlatform(store, document, platform, context);
    candidates = parseIndex(document.bytes, store.name);
  }
  throw tooDeep(store);
}

/** The image with all its platforms: its index as it is, or one made for a source that has several and no index. */
export async function chooseWhole(store: ImageStore): Promise<Document> {
  const [first, ...others] = await store.roots();
  if (first === undefined) throw new CinzelError('untrusted.not-an-image', { path: store.name });
  if (others.length === 0) return readDocument(store, first);
  // The annotations of a layout's entries are its own tags.
  return imageIndex([first, ...others].map(withoutAnnotations));
}

function withoutAnnotations(descriptor: Descriptor): Descriptor {
  const { annotations: _, ...rest } = descriptor;
  return rest;
}

/** A manifest that nobody described has its platform in its configuration. Artifacts are for no platform. */
async function checkPlatform(
  store: ImageStore,
  image: Document,
  wanted: Platform | undefined,
  context: Context,
): Promise<Document> {
  const { config } = parseManifest(image.bytes, store.name);
  if (image.descriptor.platform !== undefined || !isImageConfig(config)) return image;
  const { platform } = parseImageConfig(await readConfig(store, config, context), store.name);
  requirePlatform(platform, wanted);
  return { ...image, descriptor: { ...image.descriptor, platform } };
}

async function readConfig(store: ImageStore, config: Descriptor, { limits, signal }: Context): Promise<Uint8Array> {
  const what = `${store.name}: ${config.digest}`;
  const open = store.blob(config);
  if (open === undefined) throw lacking(store, config);
  return collectBytes(verified(open(signal), config, what), limits.documentBytes, what);
}

/** A blob that a manifest names and the source does not have. */
export function lacking({ name }: ImageStore, { digest }: Descriptor): CinzelError {
  return new CinzelError('untrusted.malformed', { what: name, problem: { kind: 'lacks-named', name: digest } });
}

function isImageConfig({ mediaType }: Descriptor): boolean {
  return mediaType === mediaTypes.ociConfig || mediaType === mediaTypes.dockerConfig;
}

/** Reads a manifest or an index and checks it against its descriptor, whose media type is filled in if it has none. */
export async function readDocument(store: ImageStore, descriptor: Descriptor): Promise<Document> {
  const bytes = await store.manifest(descriptor);
  verifyBytes(bytes, descriptor, `${store.name}: ${descriptor.digest}`);
  const mediaType = descriptor.mediaType === '' ? mediaTypeOf(bytes, store.name) : descriptor.mediaType;
  return { bytes, descriptor: { ...descriptor, mediaType } };
}

export function tooDeep(store: ImageStore): CinzelError {
  return new CinzelError('untrusted.malformed', { what: store.name, problem: 'deep-indexes' });
}
