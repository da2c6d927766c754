import type { Digest } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import {
  imageLayers,
  isForeign,
  isIndexType,
  mediaTypes,
  parseImageConfig,
  parseIndex,
  parseManifest,
} from '../manifest.ts';
import type { Descriptor, Image, Layer, Platform, RegistryName } from '../model.ts';
import { platformsOf, requirePlatform, selectPlatform } from '../platform.ts';
import { formatRegistryName } from '../reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { FetchedManifest } from '../registry/manifests.ts';

export interface RegistryImageOptions {
  /** The reference as the user typed it. */
  readonly typed: string;
  /** Of the registry that the name tells. */
  readonly client: RegistryClient;
  /** What the user asked for; absent means the host's, if the image has a choice. */
  readonly platform?: Platform;
  readonly limits: Limits;
}

/** An index may name an index; a chain longer than this is a cycle or an attack. */
const nestingLimit = 4;

/** Opens an image of a registry. Its layers are streamed from there when they are read, their digests verified. */
export async function openRegistryImage(name: RegistryName, options: RegistryImageOptions): Promise<Image> {
  const { client, platform, limits, typed } = options;
  const what = formatRegistryName(name);
  const found = await resolveIndexes(name, options);
  const manifest = parseManifest(found.bytes, { kind: 'manifest', of: what });
  const rawConfig = await readConfig(name, manifest.config, options);
  const parsed = parseImageConfig(rawConfig, { kind: 'configuration', of: what });
  requirePlatform(parsed.platform, platform);
  return {
    reference: typed,
    name: what,
    registry: name.registry,
    digest: found.digest,
    id: manifest.config.digest,
    platform: parsed.platform,
    ...(parsed.created === undefined ? {} : { created: parsed.created }),
    config: parsed.config,
    history: parsed.history,
    layers: imageLayers(manifest, parsed).map((layer) => withBlob(layer, name.repository, client, limits)),
    rawManifest: found.bytes,
    rawConfig,
    ...(manifest.annotations === undefined ? {} : { annotations: manifest.annotations }),
    close: async () => {},
  };
}

/** The platforms among which an image of a registry can be opened; none when it has no choice. */
export async function registryPlatforms(name: RegistryName, client: RegistryClient): Promise<readonly Platform[]> {
  const top = await client.getManifest(name.repository, pointer(name));
  return isIndexType(top.mediaType) ? platformsOf(parseIndex(top.bytes, formatRegistryName(name))) : [];
}

/** A digest says more than a tag that stands beside it. */
function pointer({ digest, tag }: RegistryName): string {
  return digest ?? tag ?? 'latest';
}

/** Follows indexes down to the manifest of the wanted platform. */
async function resolveIndexes(
  name: RegistryName,
  { client, platform }: RegistryImageOptions,
): Promise<FetchedManifest> {
  const what = formatRegistryName(name);
  let found = await client.getManifest(name.repository, pointer(name));
  for (let depth = 0; isIndexType(found.mediaType); depth++) {
    if (depth >= nestingLimit) {
      throw new CinzelError('untrusted.malformed', { what, problem: 'deep-indexes' });
    }
    const { digest, size } = selectPlatform(parseIndex(found.bytes, { kind: 'index', of: what }), platform);
    found = await client.getManifest(name.repository, digest);
    if (found.bytes.length !== size) {
      throw new CinzelError('untrusted.size', {
        what: `${what}@${digest}`,
        expected: size,
        actual: found.bytes.length,
      });
    }
  }
  return found;
}

const configTypes: readonly string[] = [mediaTypes.ociConfig, mediaTypes.dockerConfig, ''];

async function readConfig(name: RegistryName, config: Descriptor, options: RegistryImageOptions): Promise<Uint8Array> {
  const what = { kind: 'configuration', of: formatRegistryName(name) } as const;
  // Registries also hold charts, signatures, SBOMs and other artifacts in the form of images.
  if (!configTypes.includes(config.mediaType)) {
    throw new CinzelError('untrusted.not-an-image', { path: formatRegistryName(name) });
  }
  const limit = options.limits.documentBytes;
  if (config.size > limit) throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: limit, what });
  const parts: Uint8Array[] = [];
  for await (const part of options.client.readBlob(name.repository, config)) parts.push(part);
  return Buffer.concat(parts);
}

function withBlob(layer: Layer, repository: string, client: RegistryClient, limits: Limits): Layer {
  const { digest, compressedSize: size } = layer;
  if (digest === undefined || size === undefined || isForeign(layer)) return layer;
  if (size > limits.layerBytes) {
    throw new CinzelError('untrusted.limit', { limit: 'layerBytes', value: limits.layerBytes, what: digest });
  }
  return { ...layer, blob: { kind: 'stream', size, open: streamOf(client, repository, digest, size) } };
}

function streamOf(
  client: RegistryClient,
  repository: string,
  digest: Digest,
  size: number,
): (signal: AbortSignal) => AsyncIterable<Uint8Array> {
  return (signal) => client.readBlob(repository, { digest, size }, signal);
}
