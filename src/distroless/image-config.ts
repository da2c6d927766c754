import type { Digest } from '../core/digest.ts';
import type { JsonValue } from '../core/json.ts';
import { type Architecture, platformOf } from './architectures.ts';
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
}

/** The image configuration (image specification, config.md); equal parts give equal bytes. */
export function imageConfig({ architecture, runtime, plans, diffIds, record }: ConfigParts): Uint8Array {
  const { os, ...platform } = platformOf(architecture);
  return Buffer.from(
    JSON.stringify({
      created,
      ...platform,
      os,
      config: runtimeConfig(runtime),
      rootfs: { type: 'layers', diff_ids: diffIds },
      history: plans.map(({ createdBy }) => ({ created, created_by: createdBy })),
      [recordKey]: record,
    }),
  );
}

function runtimeConfig(runtime: Runtime): object {
  const { user, workdir, env, entrypoint, cmd, labels, ports, volumes, stopSignal, healthcheck } = runtime;
  return {
    User: user,
    ...(ports.length === 0 ? {} : { ExposedPorts: setOf(ports) }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
    ...(cmd === undefined ? {} : { Cmd: cmd }),
    ...(volumes.length === 0 ? {} : { Volumes: setOf(volumes) }),
    WorkingDir: workdir,
    ...(Object.keys(labels).length === 0 ? {} : { Labels: sorted(labels) }),
    ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
    ...(healthcheck === undefined ? {} : { Healthcheck: healthcheckConfig(healthcheck) }),
  };
}

function setOf(names: readonly string[]): Readonly<Record<string, object>> {
  return sorted(Object.fromEntries(names.map((name) => [name, {}])));
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function healthcheckConfig({ test, interval, timeout, startPeriod, retries }: Healthcheck): object {
  return {
    Test: test,
    ...(interval === undefined ? {} : { Interval: interval }),
    ...(timeout === undefined ? {} : { Timeout: timeout }),
    ...(startPeriod === undefined ? {} : { StartPeriod: startPeriod }),
    ...(retries === undefined ? {} : { Retries: retries }),
  };
}
