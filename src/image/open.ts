import { statSync } from 'node:fs';
import type { Context } from '../core/context.ts';
import type { Digest } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import { detectArchive, detectPath } from './detect.ts';
import { type ImageFiles, notAnImage } from './image-files.ts';
import type { Image, Platform, Reference } from './model.ts';
import { openDockerArchive } from './sources/docker-archive.ts';
import { folderFiles } from './sources/folder-files.ts';
import { layoutPlatforms, openOciLayout } from './sources/oci-layout.ts';
import { openRootFilesystem } from './sources/root-filesystem.ts';
import { compressedTarFiles, plainTarFiles } from './sources/tar-files.ts';

export interface OpenLocalOptions {
  readonly context: Context;
  /** The reference as the user typed it. */
  readonly typed: string;
  readonly platform?: Platform;
}

/** A reference to something on disk. */
export type LocalReference = Extract<Reference, { readonly path: string }>;

interface Selection {
  readonly tag?: string;
  readonly digest?: Digest;
}

/** Opens an image that lies on disk. */
export async function openLocalImage(reference: LocalReference, options: OpenLocalOptions): Promise<Image> {
  switch (reference.kind) {
    case 'dir':
      return openRootFilesystem(reference.path, options.typed);
    case 'oci':
      detectPath(reference.path);
      return openLayout(folderFiles(reference.path), reference, options);
    case 'oci-archive':
      return openLayout(await openTarFiles(reference.path, options.context), reference, options);
    case 'docker-archive':
      return openArchive(await openTarFiles(reference.path, options.context), reference, options);
    case 'sbom':
      throw new CinzelError('usage.reference', { reference: options.typed, problem: 'sbom-without-image' });
  }
}

/**
 * Gives the reference that a bare path means, by what lies there; undefined when nothing does, so that the text may
 * be a name for an engine or a registry. A tag may follow the path after a colon.
 */
export async function recognisePath(text: string, context: Context): Promise<LocalReference | undefined> {
  const { path, selection } = splitSelection(text);
  if (path === undefined) return undefined;
  const kind = detectPath(path);
  switch (kind) {
    case 'json':
      return { kind: 'sbom', path };
    case 'dir':
      return { kind: 'dir', path };
    case 'oci':
      return { kind: 'oci', path, ...selection };
    case 'tar':
    case 'compressed-tar': {
      const files = await openTarFiles(path, context);
      try {
        return { kind: detectArchive(files), path, ...selection };
      } finally {
        await files.close();
      }
    }
  }
}

function splitSelection(text: string): { readonly path?: string; readonly selection: Selection } {
  if (exists(text)) return { path: text, selection: {} };
  for (let colon = text.indexOf(':'); colon > 0; colon = text.indexOf(':', colon + 1)) {
    const path = text.slice(0, colon);
    if (exists(path)) return { path, selection: { tag: text.slice(colon + 1) } };
  }
  return { selection: {} };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The platforms that an image on disk can be opened for; none when it has no choice. */
export async function listLocalPlatforms(reference: LocalReference, context: Context): Promise<readonly Platform[]> {
  if (reference.kind !== 'oci' && reference.kind !== 'oci-archive') return [];
  if (reference.kind === 'oci') detectPath(reference.path);
  const files = reference.kind === 'oci' ? folderFiles(reference.path) : await openTarFiles(reference.path, context);
  const { tag, digest } = reference;
  return layoutPlatforms(files, {
    reference: reference.path,
    limits: context.limits,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  });
}

async function openTarFiles(path: string, context: Context): Promise<ImageFiles> {
  const kind = detectPath(path);
  if (kind === 'compressed-tar') return compressedTarFiles(path, context);
  if (kind !== 'tar') throw new CinzelError('untrusted.not-an-image', { path });
  return plainTarFiles(path, statSync(path).size, context);
}

function openLayout(files: ImageFiles, selection: Selection, options: OpenLocalOptions): Promise<Image> {
  if (!files.has('index.json')) throw notAnImage(files);
  const { typed: reference, platform, context } = options;
  const { tag, digest } = selection;
  return openOciLayout(files, {
    reference,
    limits: context.limits,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    ...(platform === undefined ? {} : { platform }),
  });
}

function openArchive(files: ImageFiles, selection: Selection, options: OpenLocalOptions): Promise<Image> {
  if (!files.has('manifest.json')) throw notAnImage(files);
  const { typed: reference, platform, context } = options;
  return openDockerArchive(files, {
    reference,
    limits: context.limits,
    ...(selection.tag === undefined ? {} : { name: selection.tag }),
    ...(platform === undefined ? {} : { platform }),
  });
}
