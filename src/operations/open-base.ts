import { CinzelError } from '../core/errors.ts';
import { asObject, parseJson } from '../core/json.ts';
import { baseAccounts } from '../distroless/base/accounts.ts';
import { installedPackages } from '../distroless/base/installed.ts';
import type { BaseImage } from '../distroless/base/model.ts';
import { pathRecords } from '../distroless/base/path-records.ts';
import type { BaseReference } from '../distroless/base/reference.ts';
import { openLayerSpool } from '../filesystem/layer-spool.ts';
import type { Filesystem } from '../filesystem/model.ts';
import { isForeign, mediaTypes, parseImageConfig, parseManifest } from '../image/manifest.ts';
import type { Descriptor, Platform } from '../image/model.ts';
import type { ImageStore } from '../image/transfer.ts';
import { collectBytes } from '../image/transfer-blob.ts';
import { chooseImage, lacking } from '../image/transfer-choose.ts';
import type { Document } from '../image/transfer-manifest.ts';
import { verified } from '../image/transfer-verify.ts';
import type { NewImage, NewLayer } from '../image/writer/write-image.ts';
import { openCopySource } from './copy-source.ts';
import { readImageLayers } from './inspect.ts';
import { openMade } from './new-image-sboms.ts';
import type { Toolbox } from './toolbox.ts';

/** An opened image; its layers can be read until it is closed. */
export interface OpenedBase extends BaseImage {
  readonly close: () => Promise<void>;
}

/** Opens the image that another is made on, of one platform. Throws `usage.platform` when it has none for it. */
export async function openBase(
  { reference, written }: BaseReference,
  platform: Platform,
  toolbox: Toolbox,
): Promise<OpenedBase> {
  const { store } = await openCopySource(reference, { beyondOneImage: false }, toolbox);
  const closing = [() => store.close()];
  const close = async (): Promise<void> => {
    for (const one of closing.reverse()) await one();
  };
  try {
    const manifest = await chooseImage(store, platform, toolbox.context);
    const image = await newImageOf(store, manifest, toolbox);
    const { diffIds } = parseImageConfig(image.config, written);
    if (diffIds.length !== image.layers.length) {
      const problem = {
        kind: 'layers-of-configuration',
        found: image.layers.length,
        configured: diffIds.length,
      } as const;
      throw new CinzelError('untrusted.malformed', { what: written, problem });
    }
    const opened = openMade({ name: written, image, manifest });
    const spool = openLayerSpool(opened.layers, await toolbox.cache(), toolbox.context);
    closing.push(() => spool.close());
    const { filesystem, readings } = await readImageLayers(opened, toolbox, spool);
    const packages = await installedPackages(filesystem);
    const distribution = await distributionOf(filesystem);
    return {
      name: written,
      digest: manifest.descriptor.digest,
      config: asObject(parseJson(image.config, written)) ?? {},
      diffIds,
      layers: image.layers,
      bytes: readings.reduce((sum, { size }) => sum + size, 0),
      filesystem,
      packages,
      records: await pathRecords(filesystem, packages),
      accounts: await baseAccounts(filesystem),
      ...(distribution === undefined ? {} : { distribution }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The image as one that could be written: its blobs as they are stored. */
async function newImageOf(store: ImageStore, { bytes }: Document, { context }: Toolbox): Promise<NewImage> {
  const { config, layers } = parseManifest(bytes, store.name);
  const open = store.blob(config);
  if (open === undefined) throw lacking(store, config);
  const what = `${store.name}: ${config.digest}`;
  return {
    config: await collectBytes(verified(open(context.signal), config, what), context.limits.documentBytes, what),
    layers: layers.map((descriptor) => keptLayer(store, descriptor)),
  };
}

/** A layer under the name that the OCI specification has for its form; its bytes and digest stay. */
function keptLayer(store: ImageStore, descriptor: Descriptor): NewLayer {
  const open = isForeign(descriptor) ? undefined : store.blob(descriptor);
  if (open === undefined) throw lacking(store, descriptor);
  const { digest, size } = descriptor;
  const [, docker, form = ''] =
    /^(application\/vnd\.docker\.image\.rootfs\.diff\.tar)(\.gzip)?$/.exec(descriptor.mediaType) ?? [];
  const mediaType = docker === undefined ? descriptor.mediaType : `${mediaTypes.ociLayer}${form === '' ? '' : '+gzip'}`;
  return { descriptor: { mediaType, digest, size }, open };
}

/** ID and VERSION_ID of os-release(5), of Debian as recipes name its releases. */
async function distributionOf(filesystem: Filesystem): Promise<string | undefined> {
  const bytes = (await filesystem.read('/etc/os-release')) ?? (await filesystem.read('/usr/lib/os-release'));
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
  const field = (name: string): string => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return field('ID') === '' ? undefined : `${field('ID')}${field('VERSION_ID')}`;
}
