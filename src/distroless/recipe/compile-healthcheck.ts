import { type Applet, probeCommand } from '../healthcheck/probe-command.ts';
import type { Healthcheck } from './model.ts';
import type { RecipeDocument } from './schema.ts';

type Written = NonNullable<RecipeDocument['healthcheck']>;

interface CompiledHealthcheck {
  readonly healthcheck: Healthcheck;
  /** Commands of BusyBox that it needs in the image. */
  readonly applets: readonly Applet[];
}

/** A healthcheck as the image configuration has it: in exec form, since there is no shell to read anything else. */
export function compileHealthcheck(written: Written, packages: readonly string[]): CompiledHealthcheck {
  if ('none' in written) return { healthcheck: { test: ['NONE'] }, applets: [] };
  const { command, applets } = commandOf(written, packages);
  const { interval, timeout, retries } = written;
  const startPeriod = written['start-period'];
  const healthcheck = {
    test: ['CMD', ...command],
    ...(interval === undefined ? {} : { interval: nanoseconds(interval) }),
    ...(timeout === undefined ? {} : { timeout: nanoseconds(timeout) }),
    ...(startPeriod === undefined ? {} : { startPeriod: nanoseconds(startPeriod) }),
    ...(retries === undefined ? {} : { retries }),
  };
  return { healthcheck, applets };
}

function commandOf(written: Exclude<Written, { none: true }>, packages: readonly string[]) {
  if ('http' in written) return probeCommand({ kind: 'http', url: written.http }, packages);
  if ('tcp' in written) return probeCommand({ kind: 'tcp', port: written.tcp }, packages);
  return { command: written.command, applets: [] };
}

const units: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function nanoseconds(written: string | number): number {
  if (typeof written === 'number') return written * 1e9;
  const [, count = '0', unit = 's'] = /^(\d+)(\D+)$/.exec(written) ?? [];
  return Number(count) * (units[unit] ?? 1e9);
}
