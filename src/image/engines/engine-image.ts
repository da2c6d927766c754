import { isDigest } from '../../core/digest.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import { asArray, asObject, asString, asStrings, type JsonObject, parseJson } from '../../core/json.ts';
import type { HttpClient } from '../../net/http.ts';
import { layersOfConfig, parseImageConfig } from '../manifest.ts';
import type { Image, PackedLayers, Platform } from '../model.ts';
import { requirePlatform } from '../platform.ts';
import type { EngineAddress, EngineName } from './socket.ts';

export interface EngineOptions {
  readonly http: HttpClient;
  readonly engine: EngineName;
  readonly address: EngineAddress;
  /** The reference as typed. */
  readonly typed: string;
  readonly platform?: Platform;
  readonly documentBytes: number;
}

/**
 * Opens an image that an engine holds, over its API (docs.docker.com/reference/api/engine; Podman serves the same).
 * The export is a stream and is never stored: it is asked for only if some layer is not known yet, and read once.
 * Undefined when the engine does not have the image.
 */
export async function openEngineImage(name: string, options: EngineOptions): Promise<Image | undefined> {
  const inspected = await ask(`/images/${encodeURIComponent(name)}/json`, options);
  if (inspected === undefined) return undefined;
  const history = await ask(`/images/${encodeURIComponent(name)}/history`, options);
  const id = asString(inspected['Id']);
  const parsed = parseImageConfig(Buffer.from(JSON.stringify(asConfig(inspected, asArray(history?.['items'])))), name);
  requirePlatform(parsed.platform, options.platform);
  const archive: PackedLayers = { open: (signal) => exportImage(id ?? name, options, signal) };
  const digest = asStrings(inspected['RepoDigests'])
    .map((text) => text.slice(text.indexOf('@') + 1))
    .find(isDigest);
  return {
    reference: options.typed,
    name: asStrings(inspected['RepoTags'])[0] ?? name,
    ...(digest === undefined ? {} : { digest }),
    ...(isDigest(id) ? { id } : {}),
    platform: parsed.platform,
    ...(parsed.created === undefined ? {} : { created: parsed.created }),
    config: parsed.config,
    history: parsed.history,
    layers: layersOfConfig(parsed).map((layer) => ({ ...layer, blob: { kind: 'packed', archive } })),
    close: async () => {},
  };
}

/** The JSON that an engine answers; a list comes as `items`. Undefined when it has no such thing. */
async function ask(
  path: string,
  { http, address, engine, documentBytes }: EngineOptions,
): Promise<JsonObject | undefined> {
  const { url, socketPath } = address;
  try {
    const response = await http.request(`${url}${path}`, {
      accept: [404],
      ...(socketPath === undefined ? {} : { socketPath }),
    });
    if (response.status === 404) {
      await response.discard();
      return undefined;
    }
    const value = parseJson(await response.bytes(documentBytes), `the ${engine} engine's answer`);
    return Array.isArray(value) ? { items: value } : asObject(value);
  } catch (cause) {
    throw engineError(engine, cause);
  }
}

async function* exportImage(
  name: string,
  { http, address, engine }: EngineOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { url, socketPath } = address;
  const path = `${url}/images/${encodeURIComponent(name)}/get`;
  try {
    const response = await http.request(path, { signal, ...(socketPath === undefined ? {} : { socketPath }) });
    yield* response.body;
  } catch (cause) {
    throw engineError(engine, cause);
  }
}

function engineError(engine: EngineName, cause: unknown): unknown {
  if (isCinzelError(cause, 'environment.network')) {
    return new CinzelError('environment.engine', { engine, problem: cause.parameters.problem }, { cause });
  }
  if (isCinzelError(cause, 'environment.http')) {
    return new CinzelError(
      'environment.engine',
      { engine, problem: { kind: 'answers-status', status: cause.parameters.status } },
      { cause },
    );
  }
  return cause;
}

/** An engine's description of an image in the form of an image configuration. Its history is newest first. */
function asConfig(inspected: JsonObject, history: readonly unknown[]): JsonObject {
  const steps = [...history].reverse().map((value) => asObject(value as JsonObject) ?? {});
  const diffIds = asStrings(asObject(inspected['RootFS'])?.['Layers']);
  const made = stepsWithLayer(steps, diffIds.length);
  return {
    os: inspected['Os'],
    architecture: inspected['Architecture'],
    variant: inspected['Variant'],
    created: inspected['Created'],
    config: inspected['Config'],
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: steps.map((step) => ({
      created_by: step['CreatedBy'],
      created: isoDate(step['Created']),
      comment: step['Comment'],
      empty_layer: !made.has(step),
    })),
  };
}

/**
 * The steps that made a layer. An engine does not say which did: those with a size, and as many others as layers are
 * left, of the instructions that can make an empty one.
 */
function stepsWithLayer(steps: readonly JsonObject[], layers: number): ReadonlySet<JsonObject> {
  const made = new Set(steps.filter((step) => step['Size'] !== 0));
  for (const step of steps) {
    if (made.size >= layers) break;
    const command = asString(step['CreatedBy']) ?? '';
    if (
      !/#\(nop\)|^(?:ENV|CMD|ENTRYPOINT|LABEL|EXPOSE|USER|ARG|STOPSIGNAL|HEALTHCHECK|VOLUME|SHELL|MAINTAINER)\b/.test(
        command,
      )
    )
      made.add(step);
  }
  return made;
}

function isoDate(seconds: unknown): string | undefined {
  return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : undefined;
}
