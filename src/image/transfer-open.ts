import { createReadStream, statSync } from 'node:fs';
import type { Context } from '../core/context.ts';
import { CinzelError, isCinzelError } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';
import type { DecompressionBounds } from '../formats/bounded.ts';
import { decompress } from '../formats/decompress.ts';
import { detectPath } from './detect.ts';
import { type ImageFiles, notAnImage } from './image-files.ts';
import type { Image, Platform } from './model.ts';
import type { LocalReference } from './open.ts';
import { openDockerArchive } from './sources/docker-archive.ts';
import { folderFiles } from './sources/folder-files.ts';
import { plainTarFiles } from './sources/tar-files.ts';
import type { ImageStore } from './transfer.ts';
import { imageStore } from './transfer-image-store.ts';
import { layoutStore } from './transfer-layout-store.ts';
import { openSpool } from './writer/spool.ts';

export interface OpenStoreOptions {
  readonly context: Context;
  /** The reference as the user typed it. */
  readonly typed: string;
  readonly platform?: Platform;
}

/** Opens what lies on disk as a source of images. Compressed archives are spooled, since blobs are read by offset. */
export async function openLocalStore(reference: LocalReference, options: OpenStoreOptions): Promise<ImageStore> {
  const { typed, context, platform } = options;
  if (reference.kind === 'dir' || reference.kind === 'sbom') {
    throw new CinzelError('usage.reference', { reference: typed, problem: 'nothing-to-copy' });
  }
  const files = await openFiles(reference.path, context);
  const { tag, digest } = reference;
  const selection = { reference: typed, limits: context.limits, ...(platform === undefined ? {} : { platform }) };
  try {
    if (reference.kind === 'docker-archive') {
      requireFile(files, 'manifest.json');
      const named = { ...selection, ...(tag === undefined ? {} : { name: tag }) };
      return await imageStore(await openDockerArchive(files, named), context.signal);
    }
    requireFile(files, 'index.json');
    return layoutStore(files, {
      ...selection,
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    });
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** An image that was opened otherwise as a source. What an engine exports is spooled. */
export async function openedImageStore(image: Image, context: Context): Promise<ImageStore> {
  const packed = image.layers.flatMap(({ blob }) => (blob?.kind === 'packed' ? [blob.archive] : []))[0];
  if (packed === undefined) return imageStore(image, context.signal);
  const files = await spooledFiles(packed.open(context.signal), image.reference, context);
  try {
    const opened = await openDockerArchive(files, { reference: image.reference, limits: context.limits });
    return await imageStore({ ...opened, name: image.name }, context.signal);
  } catch (error) {
    await files.close();
    throw error;
  }
}

async function openFiles(path: string, context: Context): Promise<ImageFiles> {
  switch (detectPath(path)) {
    case 'oci':
      return folderFiles(path);
    case 'tar':
      return plainTarFiles(path, statSync(path).size, context);
    case 'compressed-tar': {
      const source = createReadStream(path, { highWaterMark: 1 << 18, signal: context.signal });
      return spooledFiles(decompress(source, 'detect', boundsOf(context, path)), path, context);
    }
    case 'dir':
    case 'json':
      throw new CinzelError('untrusted.not-an-image', { path });
  }
}

/** The files of an archive that comes as a stream, by way of the disk. */
async function spooledFiles(source: AsyncIterable<Uint8Array>, path: string, context: Context): Promise<ImageFiles> {
  const spool = await openSpool();
  try {
    const file = await spool.store(source);
    const files = await plainTarFiles(file, statSync(file).size, context);
    return { ...files, path, close: () => spool.close() };
  } catch (error) {
    await spool.close();
    // The user knows what was spooled, not the file that it was spooled to.
    throw isCinzelError(error, 'untrusted.truncated') ? new CinzelError('untrusted.truncated', { what: path }) : error;
  }
}

function boundsOf({ limits }: Context, what: Subject): DecompressionBounds {
  return { maxBytes: limits.layerBytes, ratio: limits.ratio, ratioFloor: limits.ratioFloor, what };
}

function requireFile(files: ImageFiles, name: string): void {
  if (!files.has(name)) throw notAnImage(files);
}
