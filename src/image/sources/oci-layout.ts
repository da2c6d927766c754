import { digestAlgorithm, digestHex, hashFor } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import { isCompanionTag } from '../companion-tags.ts';
import { type ImageFiles, lacking } from '../image-files.ts';
import { imageLayers, isForeign, isIndexType, parseImageConfig, parseIndex, parseManifest } from '../manifest.ts';
import { blobSize, type Descriptor, type Image, type Layer, type LayerBlob, type Platform } from '../model.ts';
import { platformsOf, requirePlatform, selectPlatform } from '../platform.ts';

export interface LayoutSelection {
  readonly reference: string;
  readonly tag?: string;
  readonly digest?: string;
  /** What the user asked for; absent means the host's, if the image has a choice. */
  readonly platform?: Platform;
  readonly limits: Limits;
}

/** An index may name an index; a chain longer than this is a cycle or an attack. */
export const nestingLimit = 4;

export const refName = 'org.opencontainers.image.ref.name';
const containerdName = 'io.containerd.image.name';

/** Opens an image of an OCI layout (image specification, image-layout.md), in a folder or in an archive. */
export async function openOciLayout(files: ImageFiles, selection: LayoutSelection): Promise<Image> {
  const { limits } = selection;
  const top = parseIndex(await files.read('index.json', limits.documentBytes), `${files.path}:index.json`);
  const chosen = chooseByName(top, files, selection);
  const descriptor = await resolveIndexes(chosen, files, selection);
  const rawManifest = await readBlob(files, descriptor, limits);
  const manifest = parseManifest(rawManifest, `${files.path}: the manifest`);
  const rawConfig = await readBlob(files, manifest.config, limits);
  const parsed = parseImageConfig(rawConfig, `${files.path}: the configuration`);
  requirePlatform(parsed.platform, selection.platform);
  const tag = tagOf(descriptor) ?? chosen.map(tagOf).find((name) => name !== undefined);
  return {
    reference: selection.reference,
    name: tag === undefined ? files.path : tag.includes('/') || tag.includes(':') ? tag : `${files.path}:${tag}`,
    digest: descriptor.digest,
    id: manifest.config.digest,
    platform: parsed.platform,
    ...(parsed.created === undefined ? {} : { created: parsed.created }),
    config: parsed.config,
    history: parsed.history,
    layers: imageLayers(manifest, parsed).map((layer, index) => withBlob(layer, manifest.layers[index], files)),
    rawManifest,
    rawConfig,
    ...(manifest.annotations === undefined ? {} : { annotations: manifest.annotations }),
    close: () => files.close(),
  };
}

/** The platforms among which an image of a layout can be opened; none when it has just one and does not say which. */
export async function layoutPlatforms(files: ImageFiles, selection: LayoutSelection): Promise<readonly Platform[]> {
  const { limits } = selection;
  const top = parseIndex(await files.read('index.json', limits.documentBytes), `${files.path}:index.json`);
  let candidates = chooseByName(top, files, selection);
  for (let depth = 0; candidates.some(({ mediaType }) => isIndexType(mediaType)); depth++) {
    if (depth === nestingLimit) throw nestedTooDeeply(files);
    const next: Descriptor[] = [];
    // An index that names another a thousand times, and that one the next, would be millions.
    for (const descriptor of uniqueByDigest(candidates)) {
      if (!isIndexType(descriptor.mediaType)) next.push(descriptor);
      else next.push(...parseIndex(await readBlob(files, descriptor, limits), `${files.path}: an index`));
    }
    candidates = next;
  }
  return platformsOf(candidates);
}

function uniqueByDigest(descriptors: readonly Descriptor[]): Iterable<Descriptor> {
  return new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values();
}

function nestedTooDeeply({ path }: ImageFiles): CinzelError {
  return new CinzelError('untrusted.malformed', { what: path, problem: 'deep-indexes' });
}

/** The manifests that the user means; several are platforms of one image. */
export function chooseByName(
  manifests: readonly Descriptor[],
  files: ImageFiles,
  selection: LayoutSelection,
): readonly Descriptor[] {
  const images = manifests.filter(
    (manifest) => manifest.artifactType === undefined && !isCompanionTag(tagOf(manifest) ?? ''),
  );
  const names = [...new Set(images.map((manifest) => tagOf(manifest) ?? ''))].sort();
  const available = names.filter((name) => name !== '').join(', ');
  if (selection.digest !== undefined) {
    const byDigest = manifests.filter((manifest) => manifest.digest === selection.digest);
    if (byDigest.length > 0) return byDigest;
    throw new CinzelError('environment.not-found', { what: `${files.path}@${selection.digest}` });
  }
  if (selection.tag !== undefined) {
    const { tag } = selection;
    const tagged = manifests.filter((manifest) =>
      namesOf(manifest).some((name) => name === tag || name.endsWith(`:${tag}`)),
    );
    if (tagged.length > 0) return tagged;
    throw new CinzelError('environment.not-found', {
      what: `${files.path}:${tag}`,
      ...(available === '' ? {} : { available }),
    });
  }
  if (names.length > 1) throw new CinzelError('usage.choice', { reference: files.path, available });
  if (images.length === 0) throw new CinzelError('untrusted.not-an-image', { path: files.path });
  return images;
}

function tagOf(manifest: Descriptor): string | undefined {
  return manifest.annotations?.[containerdName] ?? manifest.annotations?.[refName];
}

function namesOf(manifest: Descriptor): readonly string[] {
  return [manifest.annotations?.[refName], manifest.annotations?.[containerdName]].filter((name) => name !== undefined);
}

/** Follows indexes down to the manifest of the wanted platform. */
async function resolveIndexes(
  chosen: readonly Descriptor[],
  files: ImageFiles,
  selection: LayoutSelection,
): Promise<Descriptor> {
  let candidates = chosen;
  for (let depth = 0; depth < nestingLimit; depth++) {
    const descriptor = selectPlatform(candidates, selection.platform);
    if (!isIndexType(descriptor.mediaType)) return descriptor;
    candidates = parseIndex(await readBlob(files, descriptor, selection.limits), `${files.path}: an index`);
  }
  throw nestedTooDeeply(files);
}

export function blobName(digest: Descriptor['digest']): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
}

/** Reads a document and checks its size and digest. */
async function readBlob(files: ImageFiles, descriptor: Descriptor, limits: Limits): Promise<Uint8Array> {
  const what = `${files.path}: ${descriptor.digest}`;
  const bytes = await files.read(blobName(descriptor.digest), limits.documentBytes);
  const actual = `${digestAlgorithm(descriptor.digest)}:${hashFor(descriptor.digest).update(bytes).digest('hex')}`;
  if (actual !== descriptor.digest)
    throw new CinzelError('untrusted.digest', { what, expected: descriptor.digest, actual });
  if (bytes.length !== descriptor.size) {
    throw new CinzelError('untrusted.size', { what, expected: descriptor.size, actual: bytes.length });
  }
  return bytes;
}

function withBlob(layer: Layer, descriptor: Descriptor | undefined, files: ImageFiles): Layer {
  if (descriptor === undefined) return layer;
  const blob = locateBlob(files, descriptor);
  if (blob === undefined && !isForeign(descriptor)) throw lacking(files, blobName(descriptor.digest));
  return blob === undefined ? layer : { ...layer, blob };
}

function locateBlob(files: ImageFiles, { digest, size }: Descriptor): LayerBlob | undefined {
  const blob = files.blob(blobName(digest));
  const actual = blob && blobSize(blob);
  if (actual !== undefined && actual !== size) {
    const what = `${files.path}: ${digest}`;
    if (actual < size) throw new CinzelError('untrusted.truncated', { what });
    throw new CinzelError('untrusted.size', { what, expected: size, actual });
  }
  return blob;
}
