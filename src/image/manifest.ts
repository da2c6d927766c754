import { type Digest, isDigest } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  asStrings,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '../core/json.ts';
import type { Problem } from '../core/problems.ts';
import type { Subject } from '../core/subjects.ts';
import type { Descriptor, HistoryStep, ImageConfig, Layer, Platform } from './model.ts';

/** An image manifest (OCI image specification, manifest.md; Docker image manifest version 2, schema 2). */
export interface Manifest {
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
}

/** An image configuration (OCI image specification, config.md). */
export interface ParsedConfig {
  readonly platform: Platform;
  readonly created?: string;
  readonly config: ImageConfig;
  readonly history: readonly HistoryStep[];
  readonly diffIds: readonly Digest[];
}

export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
} as const;

/** More layers than any engine takes; a longer list is an attack. */
const layerLimit = 1000;

export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociIndex || mediaType === mediaTypes.dockerIndex;
}

/** Whether it is a layer that only its owner may hand out (image specification, layer.md, "Non-Distributable Layers"). */
export function isForeign({ mediaType, urls }: Pick<Descriptor, 'mediaType' | 'urls'>): boolean {
  return /\.nondistributable\.|\.foreign\./.test(mediaType) || (urls !== undefined && urls.length > 0);
}

/** Whether a document without a trustworthy media type is an index. */
export function isIndexDocument(document: JsonObject): boolean {
  return isIndexType(asString(document['mediaType']) ?? '') || Array.isArray(document['manifests']);
}

/**
 * The media type of a manifest or index, from the document or, where that is silent, from what it was sent as. A
 * document that is both is refused, as is Docker's schema 1.
 */
export function readMediaType(bytes: Uint8Array, sentAs: string | undefined, what: Subject): string {
  const document = requireObject(parseJson(bytes, what), what);
  if (document['schemaVersion'] === 1)
    throw new CinzelError('untrusted.unsupported', { what: { kind: 'part', of: what, part: 'Docker schema 1' } });
  const isIndex = Array.isArray(document['manifests']);
  refuseAmbiguity(document, what);
  const stated = asString(document['mediaType']) || sentAs?.split(';')[0]?.trim() || '';
  if (isIndex) return isIndexType(stated) ? stated : mediaTypes.ociIndex;
  if (isIndexType(stated)) throw malformed(what, 'no-manifests');
  return stated.startsWith('application/vnd.') ? stated : mediaTypes.ociManifest;
}

/** A document that is both could be read in two ways (CVE-2021-41190). Throws `untrusted.malformed`. */
function refuseAmbiguity(document: JsonObject, what: Subject): void {
  const isManifest = Array.isArray(document['layers']) || document['config'] !== undefined;
  if (isManifest && Array.isArray(document['manifests'])) throw malformed(what, 'index-and-manifest');
}

/** Reads a manifest. Throws `untrusted.malformed`, or `untrusted.unsupported` for Docker's schema 1. */
export function parseManifest(bytes: Uint8Array, what: Subject): Manifest {
  const document = requireObject(parseJson(bytes, what), what);
  if (document['schemaVersion'] === 1)
    throw new CinzelError('untrusted.unsupported', { what: { kind: 'part', of: what, part: 'Docker schema 1' } });
  refuseAmbiguity(document, what);
  const layers = asArray(document['layers']);
  if (!Array.isArray(document['layers']) || layers.length > layerLimit) throw malformed(what, 'no-layers');
  const annotations = asTexts(document['annotations']);
  const artifactType = asString(document['artifactType']);
  const subject = document['subject'];
  return {
    mediaType: asString(document['mediaType']) ?? mediaTypes.ociManifest,
    config: parseDescriptor(document['config'], { kind: 'part', of: what, part: 'config' }),
    layers: layers.map((layer, index) => parseDescriptor(layer, { kind: 'part', of: what, part: `layers[${index}]` })),
    ...(annotations === undefined ? {} : { annotations }),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(subject === undefined
      ? {}
      : { subject: parseDescriptor(subject, { kind: 'part', of: what, part: 'subject' }) }),
  };
}

/** Reads the manifests that an index names. Throws `untrusted.malformed`. */
export function parseIndex(bytes: Uint8Array, what: Subject): readonly Descriptor[] {
  const document = requireObject(parseJson(bytes, what), what);
  if (!Array.isArray(document['manifests'])) throw malformed(what, 'no-manifests');
  refuseAmbiguity(document, what);
  return asArray(document['manifests']).map((item, index) =>
    parseDescriptor(item, { kind: 'part', of: what, part: `manifests[${index}]` }),
  );
}

/** Reads a configuration; what is missing or of a wrong kind counts as unset, but for the diff IDs. Throws `untrusted.malformed`. */
export function parseImageConfig(bytes: Uint8Array, what: Subject): ParsedConfig {
  const document = requireObject(parseJson(bytes, what), what);
  const rootfs = asObject(document['rootfs']);
  const diffIds = asArray(rootfs?.['diff_ids']);
  if (rootfs === undefined || !diffIds.every(isDigest)) throw malformed(what, 'unreadable-diff-ids');
  const variant = asString(document['variant']);
  const created = asString(document['created']);
  return {
    platform: {
      os: asString(document['os']) ?? 'linux',
      architecture: asString(document['architecture']) ?? 'unknown',
      ...(variant === undefined || variant === '' ? {} : { variant }),
    },
    ...(created === undefined ? {} : { created }),
    config: parseRunConfig(asObject(document['config']) ?? {}),
    history: asArray(document['history']).map(parseStep),
    diffIds,
  };
}

/** The layers of an image as manifest and configuration together tell them. Throws `untrusted.malformed` when they differ. */
export function imageLayers(manifest: Manifest, config: ParsedConfig): readonly Layer[] {
  if (manifest.layers.length !== config.diffIds.length) {
    throw malformed(
      { kind: 'image' },
      {
        kind: 'layers-of-configuration',
        found: manifest.layers.length,
        configured: config.diffIds.length,
      },
    );
  }
  return layersOfConfig(config).map((layer) => {
    const descriptor = manifest.layers[layer.index];
    if (descriptor === undefined) return layer;
    const { mediaType, digest, size } = descriptor;
    return { ...layer, mediaType, digest, compressedSize: size };
  });
}

/** The layers as the configuration alone tells them: history steps that made one, in order. */
export function layersOfConfig({ diffIds, history }: ParsedConfig): readonly Layer[] {
  const steps = history.filter((step) => !step.emptyLayer);
  // A history that does not fit, as squashing tools leave it, says nothing about single layers.
  const usable = steps.length === diffIds.length ? steps : [];
  return diffIds.map((diffId, index) => {
    const step = usable[index];
    return {
      index,
      diffId,
      mediaType: mediaTypes.ociLayer,
      ...(step?.createdBy === undefined ? {} : { createdBy: step.createdBy }),
      ...(step?.created === undefined ? {} : { created: step.created }),
    };
  });
}

function parseDescriptor(value: JsonValue | undefined, what: Subject): Descriptor {
  const item = asObject(value);
  const digest = item?.['digest'];
  const size = asNumber(item?.['size']);
  if (item === undefined || !isDigest(digest)) throw malformed(what, 'unreadable-digest');
  if (size === undefined || !Number.isSafeInteger(size) || size < 0) throw malformed(what, 'unreadable-size');
  const urls = asStrings(item['urls']);
  const annotations = asTexts(item['annotations']);
  const artifactType = asString(item['artifactType']);
  const platform = parsePlatformOf(asObject(item['platform']));
  return {
    mediaType: asString(item['mediaType']) ?? '',
    digest,
    size,
    ...(urls.length === 0 ? {} : { urls }),
    ...(platform === undefined ? {} : { platform }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

function parsePlatformOf(value: JsonObject | undefined): Platform | undefined {
  const os = asString(value?.['os']);
  const architecture = asString(value?.['architecture']);
  const variant = asString(value?.['variant']);
  if (os === undefined || architecture === undefined) return undefined;
  return { os, architecture, ...(variant === undefined || variant === '' ? {} : { variant }) };
}

function parseRunConfig(value: JsonObject): ImageConfig {
  const healthcheck = asStrings(asObject(value['Healthcheck'])?.['Test']);
  const labels = asTexts(value['Labels']);
  return withoutUndefined({
    user: nonEmpty(asString(value['User'])),
    entrypoint: command(value['Entrypoint']),
    cmd: command(value['Cmd']),
    env: Array.isArray(value['Env']) ? asStrings(value['Env']) : undefined,
    workingDir: nonEmpty(asString(value['WorkingDir'])),
    exposedPorts: keysOf(value['ExposedPorts']),
    volumes: keysOf(value['Volumes']),
    labels,
    stopSignal: nonEmpty(asString(value['StopSignal'])),
    healthcheck: healthcheck.length === 0 ? undefined : { test: healthcheck },
    shell: Array.isArray(value['Shell']) ? asStrings(value['Shell']) : undefined,
  });
}

/** Old images may have one string where a list belongs. */
function command(value: JsonValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : [value];
  const words = asStrings(value);
  return words.length === 0 ? undefined : words;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function keysOf(value: JsonValue | undefined): readonly string[] | undefined {
  const object = asObject(value);
  return object === undefined || Object.keys(object).length === 0 ? undefined : Object.keys(object).sort();
}

function withoutUndefined<Value extends object>(value: { [Key in keyof Value]: Value[Key] | undefined }): Value {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Value;
}

function parseStep(value: JsonValue): HistoryStep {
  const item = asObject(value) ?? {};
  return {
    emptyLayer: item['empty_layer'] === true,
    ...withoutUndefined<Omit<HistoryStep, 'emptyLayer'>>({
      created: asString(item['created']),
      createdBy: asString(item['created_by']),
      comment: asString(item['comment']),
    }),
  };
}

function asTexts(value: JsonValue | undefined): Readonly<Record<string, string>> | undefined {
  const object = asObject(value);
  if (object === undefined) return undefined;
  const texts = Object.entries(object).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

function requireObject(value: JsonValue, what: Subject): JsonObject {
  const object = asObject(value);
  if (object === undefined) throw malformed(what, 'no-json-object');
  return object;
}

function malformed(what: Subject, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what, problem });
}
