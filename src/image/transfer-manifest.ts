import { sha256 } from '../core/digest.ts';
import { asObject, asString, parseJson } from '../core/json.ts';
import type { Subject } from '../core/subjects.ts';
import { isIndexDocument, mediaTypes } from './manifest.ts';
import type { Descriptor } from './model.ts';

/** A manifest or index with the descriptor that names it. */
export interface Document {
  readonly bytes: Uint8Array;
  readonly descriptor: Descriptor;
}

export interface ManifestParts {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
  /** What kind of artifact it is, where it is no image. */
  readonly artifactType?: string;
  /** The manifest that it says something about. */
  readonly subject?: Descriptor;
}

/** An OCI image manifest; equal parts give equal bytes. */
export function imageManifest({ config, layers, annotations, artifactType, subject }: ManifestParts): Document {
  const { bytes, descriptor } = documentOf({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    ...(artifactType === undefined ? {} : { artifactType }),
    config: descriptorJson(config),
    layers: layers.map(descriptorJson),
    ...(subject === undefined ? {} : { subject: descriptorJson(subject) }),
    ...(annotations === undefined ? {} : { annotations: sorted(annotations) }),
  });
  return { bytes, descriptor: { ...descriptor, ...(artifactType === undefined ? {} : { artifactType }) } };
}

/** An OCI image index of these manifests, in their order. */
export function imageIndex(manifests: readonly Descriptor[], annotations?: Readonly<Record<string, string>>): Document {
  return documentOf({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: manifests.map(descriptorJson),
    ...(annotations === undefined ? {} : { annotations }),
  });
}

function documentOf(document: { readonly mediaType: string; readonly [key: string]: unknown }): Document {
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, descriptor: { mediaType: document.mediaType, digest: sha256(bytes), size: bytes.length } };
}

/** A descriptor's fields in one order, whoever made it. */
export function descriptorJson(descriptor: Descriptor): object {
  const { mediaType, digest, size, urls, platform, annotations, artifactType } = descriptor;
  return {
    mediaType,
    digest,
    size,
    ...(urls === undefined ? {} : { urls }),
    ...(annotations === undefined ? {} : { annotations: sorted(annotations) }),
    ...(platform === undefined ? {} : { platform: platformJson(platform) }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

function platformJson({ architecture, os, variant }: NonNullable<Descriptor['platform']>): object {
  return { architecture, os, ...(variant === undefined ? {} : { variant }) };
}

function sorted(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What kind of document these bytes are: as they say themselves, else by their form (manifest.md, `mediaType`). */
export function mediaTypeOf(bytes: Uint8Array, what: Subject): string {
  const document = asObject(parseJson(bytes, what)) ?? {};
  const fallback = isIndexDocument(document) ? mediaTypes.ociIndex : mediaTypes.ociManifest;
  return asString(document['mediaType']) ?? fallback;
}
