import type { Digest } from '../core/digest.ts';
import { asArray, asObject, type JsonObject, type JsonValue } from '../core/json.ts';
import { type Architecture, platformOf } from './architectures.ts';
import { inheritConfig } from './base/inherit-config.ts';
import type { BaseImage } from './base/model.ts';
import { recordKey } from './build-record.ts';
import type { LayerPlan } from './layering.ts';
import type { Healthcheck, Runtime } from './recipe/model.ts';

/** The time of everything that is made: two builds must not differ by when they ran. */
const created = '1970-01-01T00:00:00Z';

export interface ConfigParts {
  readonly architecture: Architecture;
  readonly runtime: Runtime;
  readonly plans: readonly LayerPlan[];
  readonly diffIds: readonly Digest[];
  /** What it is made from. */
  readonly record: JsonValue;
  /** Its layers are below those of the plans. */
  readonly base?: BaseImage;
}

/** The image configuration (image specification, config.md); equal parts give equal bytes. */
export function imageConfig({ architecture, runtime, plans, diffIds, record, base }: ConfigParts): Uint8Array {
  const { os, ...platform } = platformOf(architecture);
  const own = runtimeConfig(runtime);
  return Buffer.from(
    JSON.stringify({
      created,
      ...platform,
      os,
      config: base === undefined ? own : inheritConfig(asObject(base.config['config']) ?? {}, own),
      rootfs: { type: 'layers', diff_ids: [...(base?.diffIds ?? []), ...diffIds] },
      history: [
        ...(base === undefined ? [] : historyOf(base)),
        ...plans.map(({ createdBy }) => ({ created, created_by: createdBy })),
      ],
      [recordKey]: record,
    }),
  );
}

/** The history below; of an image whose history is not that of its layers, a step a layer. */
function historyOf({ config, diffIds }: BaseImage): readonly JsonValue[] {
  const steps = asArray(config['history']);
  const filled = steps.filter((step) => asObject(step)?.['empty_layer'] !== true);
  return filled.length === diffIds.length ? steps : diffIds.map(() => ({ created, created_by: 'from' }));
}

function runtimeConfig(runtime: Runtime): JsonObject {
  const { user, workdir, env, entrypoint, cmd, labels, ports, volumes, stopSignal, healthcheck } = runtime;
  return {
    ...(user === undefined ? {} : { User: user }),
    ...(ports.length === 0 ? {} : { ExposedPorts: setOf(ports) }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(entrypoint === undefined ? {} : { Entrypoint: [...entrypoint] }),
    ...(cmd === undefined ? {} : { Cmd: [...cmd] }),
    ...(volumes.length === 0 ? {} : { Volumes: setOf(volumes) }),
    ...(workdir === undefined ? {} : { WorkingDir: workdir }),
    ...(Object.keys(labels).length === 0 ? {} : { Labels: sorted(labels) }),
    ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
    ...(healthcheck === undefined ? {} : { Healthcheck: healthcheckConfig(healthcheck) }),
  };
}

function setOf(names: readonly string[]): JsonObject {
  return sorted(Object.fromEntries(names.map((name) => [name, {}])));
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function healthcheckConfig({ test, interval, timeout, startPeriod, retries }: Healthcheck): JsonObject {
  return {
    Test: [...test],
    ...(interval === undefined ? {} : { Interval: interval }),
    ...(timeout === undefined ? {} : { Timeout: timeout }),
    ...(startPeriod === undefined ? {} : { StartPeriod: startPeriod }),
    ...(retries === undefined ? {} : { Retries: retries }),
  };
}
