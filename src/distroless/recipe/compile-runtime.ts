import { CinzelError } from '../../core/errors.ts';
import type { Healthcheck, Runtime, User } from './model.ts';
import type { RecipeDocument } from './schema.ts';

/** How the image runs: of a key with one value the last of the chain counts, maps are merged. */
export function compileRuntime(documents: readonly RecipeDocument[], users: readonly User[]): Runtime {
  const last = <Key extends keyof RecipeDocument>(key: Key): RecipeDocument[Key] | undefined =>
    documents.findLast((document) => document[key] !== undefined)?.[key];
  // A new entrypoint makes the command of the recipe below an argument of something else.
  const entry = documents.findLastIndex(({ entrypoint }) => entrypoint !== undefined);
  const cmd = documents.slice(Math.max(0, entry)).findLast((document) => document.cmd !== undefined)?.cmd;
  const entrypoint = documents[entry]?.entrypoint;
  const stopSignal = last('stop-signal');
  const healthcheck = last('healthcheck');
  return {
    user: userId(String(last('user') ?? '0'), users),
    workdir: last('workdir') ?? '/',
    env: Object.fromEntries(
      documents.flatMap(({ env = {} }) => Object.entries(env).map(([name, value]) => [name, String(value)])),
    ),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    labels: Object.assign({}, ...documents.map(({ labels }) => labels)),
    ports: [...new Set(documents.flatMap(({ ports = [] }) => ports.map(portText)))],
    volumes: [...new Set(documents.flatMap(({ volumes = [] }) => volumes))],
    ...(stopSignal === undefined ? {} : { stopSignal: String(stopSignal) }),
    ...(healthcheck === undefined ? {} : { healthcheck: compileHealthcheck(healthcheck) }),
  };
}

/** In numbers: what runs containers cannot tell from a name whether it is root. */
function userId(written: string, users: readonly User[]): string {
  const [name = '', ...group] = written.split(':');
  if (/^\d+$/.test(name)) return written;
  const found = users.find((user) => user.name === name);
  if (found === undefined) throw new CinzelError('usage.recipe-account', { kind: 'user', name });
  return [String(found.uid), ...group].join(':');
}

function portText(port: string | number): string {
  const text = String(port);
  return text.includes('/') ? text : `${text}/tcp`;
}

type WrittenHealthcheck = NonNullable<RecipeDocument['healthcheck']>;

function compileHealthcheck(written: WrittenHealthcheck): Healthcheck {
  const { command, interval, timeout, retries } = written;
  const startPeriod = written['start-period'];
  return {
    test: command === undefined ? ['NONE'] : ['CMD', ...command],
    ...(interval === undefined ? {} : { interval: nanoseconds(interval) }),
    ...(timeout === undefined ? {} : { timeout: nanoseconds(timeout) }),
    ...(startPeriod === undefined ? {} : { startPeriod: nanoseconds(startPeriod) }),
    ...(retries === undefined ? {} : { retries }),
  };
}

const units: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function nanoseconds(written: string | number): number {
  if (typeof written === 'number') return written * 1e9;
  const [, count = '0', unit = 's'] = /^(\d+)(\D+)$/.exec(written) ?? [];
  return Number(count) * (units[unit] ?? 1e9);
}
