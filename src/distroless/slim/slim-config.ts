import type { Digest } from '../../core/digest.ts';
import { asObject, type JsonObject, parseJson } from '../../core/json.ts';
import type { Platform } from '../../image/model.ts';
import type { Start } from './direct-start.ts';

/** What of an image configuration (image specification, config.md) is about the image and not about its layers. */
const carried = ['created', 'author', 'architecture', 'os', 'os.version', 'os.features', 'variant', 'config'] as const;

export interface SlimConfigParts {
  /** The source's configuration, as it has it. */
  readonly source: Uint8Array | undefined;
  readonly platform: Platform;
  readonly layers: readonly { readonly diffId: Digest; readonly createdBy: string }[];
  /** Takes the place of the user that the source runs as. */
  readonly user?: string;
  /** Takes the place of its entrypoint and command. */
  readonly start?: Start;
  /** Takes the place of the test of its healthcheck. */
  readonly healthcheck?: readonly string[];
}

/** The source's configuration with other layers; equal parts give equal bytes. */
export function slimConfig({ source, platform, layers, user, start, healthcheck }: SlimConfigParts): Uint8Array {
  const document = asObject(source === undefined ? {} : parseJson(source, { kind: 'configuration' })) ?? {};
  const parts = carried.flatMap((key) => (document[key] === undefined ? [] : [[key, document[key]] as const]));
  const created = document['created'] ?? '1970-01-01T00:00:00Z';
  const { Entrypoint: entrypoint, Cmd: cmd, ...rest }: JsonObject = asObject(document['config']) ?? {};
  const config: JsonObject = {
    ...rest,
    ...(start === undefined
      ? defined({ Entrypoint: entrypoint, Cmd: cmd })
      : defined({ Entrypoint: start.entrypoint, Cmd: start.cmd })),
  };
  return Buffer.from(
    JSON.stringify({
      ...platform,
      ...Object.fromEntries(parts),
      config: {
        ...config,
        ...(user === undefined ? {} : { User: user }),
        ...(healthcheck === undefined
          ? {}
          : { Healthcheck: { ...asObject(config['Healthcheck']), Test: healthcheck } }),
      },
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
    }),
  );
}

function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
