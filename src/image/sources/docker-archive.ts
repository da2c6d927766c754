import { type Digest, isDigest, sha256 } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import { asArray, asObject, asString, asStrings, parseJson } from '../../core/json.ts';
import type { Limits } from '../../core/limits.ts';
import { type ImageFiles, lacking } from '../image-files.ts';
import { layersOfConfig, parseImageConfig, parseIndex, parseManifest } from '../manifest.ts';
import { blobSize, type Image, type Layer, type Platform } from '../model.ts';
import { requirePlatform } from '../platform.ts';

export interface DockerArchiveSelection {
  readonly reference: string;
  /** Which image, when there are several: a repository and tag. */
  readonly name?: string;
  readonly platform?: Platform;
  readonly limits: Limits;
}

/** One image of `manifest.json`. */
interface ArchivedImage {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

/** Opens an image of an archive that `docker save` wrote (Docker image specification v1.2, "Combined Image JSON + Filesystem Changeset Format"). */
export async function openDockerArchive(files: ImageFiles, selection: DockerArchiveSelection): Promise<Image> {
  const { limits } = selection;
  const archived = choose(
    parseImages(await files.read('manifest.json', limits.documentBytes), files.path),
    files,
    selection,
  );
  const rawConfig = await files.read(archived.config, limits.documentBytes);
  const id = sha256(rawConfig);
  checkConfigName(archived.config, id, files.path);
  const parsed = parseImageConfig(rawConfig, `${files.path}: the configuration`);
  requirePlatform(parsed.platform, selection.platform);
  if (parsed.diffIds.length !== archived.layers.length) {
    throw new CinzelError('untrusted.malformed', {
      what: files.path,
      problem: 'layers-differ',
    });
  }
  const manifest = await findManifest(files, id, limits);
  return {
    reference: selection.reference,
    name: archived.tags[0] ?? files.path,
    ...(manifest === undefined ? {} : { digest: sha256(manifest), rawManifest: manifest }),
    id,
    platform: parsed.platform,
    ...(parsed.created === undefined ? {} : { created: parsed.created }),
    config: parsed.config,
    history: parsed.history,
    layers: layersOfConfig(parsed).map((layer) => withBlob(layer, archived.layers[layer.index] ?? '', files)),
    rawConfig,
    close: () => files.close(),
  };
}

function parseImages(bytes: Uint8Array, path: string): readonly ArchivedImage[] {
  const images = asArray(parseJson(bytes, `${path}:manifest.json`)).map((value) => {
    const item = asObject(value);
    const config = asString(item?.['Config']);
    if (config === undefined || !Array.isArray(item?.['Layers'])) {
      throw new CinzelError('untrusted.malformed', {
        what: `${path}:manifest.json`,
        problem: 'no-config-or-layers',
      });
    }
    return { config, tags: asStrings(item['RepoTags']), layers: asStrings(item['Layers']) };
  });
  if (images.length === 0)
    throw new CinzelError('untrusted.malformed', { what: `${path}:manifest.json`, problem: 'no-image' });
  return images;
}

function choose(images: readonly ArchivedImage[], files: ImageFiles, { name }: DockerArchiveSelection): ArchivedImage {
  const [only] = images;
  if (name === undefined && images.length === 1 && only !== undefined) return only;
  const available = images.flatMap((image) => image.tags).join(', ');
  if (name === undefined) throw new CinzelError('usage.choice', { reference: files.path, available });
  const wanted = familiar(name);
  const found = images.find((image) => image.tags.some((tag) => familiar(tag) === wanted || tag === name));
  if (found === undefined) throw new CinzelError('environment.not-found', { what: `${files.path}:${name}`, available });
  return found;
}

/** Docker writes its own registry's names short; other tools write them in full. */
function familiar(name: string): string {
  const short = name.replace(/^docker\.io\/(?:library\/)?/, '').replace(/^localhost\//, '');
  return /:[^/]+$/.test(short) ? short : `${short}:latest`;
}

/** The configuration is named after its own digest; older archives add `.json`. */
function checkConfigName(name: string, actual: Digest, path: string): void {
  const hex = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1];
  if (hex === undefined || actual === `sha256:${hex}`) return;
  throw new CinzelError('untrusted.digest', {
    what: { kind: 'configuration', of: path },
    expected: `sha256:${hex}`,
    actual,
  });
}

function withBlob(layer: Layer, name: string, files: ImageFiles): Layer {
  const blob = files.blob(name);
  if (blob === undefined) throw lacking(files, name);
  const hex = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
  const digest = `sha256:${hex}`;
  const size = blobSize(blob);
  return {
    ...layer,
    blob,
    ...(hex !== undefined && isDigest(digest) ? { digest } : {}),
    ...(hex !== undefined && size !== undefined ? { compressedSize: size } : {}),
  };
}

/** Archives of newer engines are OCI layouts too; then the manifest with this configuration can be told. */
async function findManifest(files: ImageFiles, config: Digest, limits: Limits): Promise<Uint8Array | undefined> {
  if (!files.has('index.json')) return undefined;
  for (const { digest } of parseIndex(
    await files.read('index.json', limits.documentBytes),
    `${files.path}:index.json`,
  )) {
    const name = `blobs/${digest.replace(':', '/')}`;
    if (!files.has(name)) continue;
    const bytes = await files.read(name, limits.documentBytes);
    if (sha256(bytes) === digest && isManifestOf(bytes, config)) return bytes;
  }
  return undefined;
}

function isManifestOf(bytes: Uint8Array, config: Digest): boolean {
  try {
    return parseManifest(bytes, 'a manifest').config.digest === config;
  } catch {
    return false;
  }
}
