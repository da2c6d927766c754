import { CinzelError } from '../../core/errors.ts';
import { compileHealthcheck } from './compile-healthcheck.ts';
import type { Runtime, User } from './model.ts';
import type { RecipeDocument } from './schema.ts';

interface RuntimeContext {
  readonly users: readonly User[];
  /** Names of the packages that the recipes list. */
  readonly packages: readonly string[];
  /** By name or number; absent where the image below says it. */
  readonly user: string | undefined;
  /** Whether there is an image below, which may say the rest. */
  readonly isOnImage?: boolean;
}

/** How the image runs: of a key with one value the last of the chain counts, maps are merged. */
export function compileRuntime(
  documents: readonly RecipeDocument[],
  { users, packages, user, isOnImage = false }: RuntimeContext,
): Runtime {
  const last = <Key extends keyof RecipeDocument>(key: Key): RecipeDocument[Key] | undefined =>
    documents.findLast((document) => document[key] !== undefined)?.[key];
  // A new entrypoint makes the command of the recipe below an argument of something else.
  const entry = documents.findLastIndex(({ entrypoint }) => entrypoint !== undefined);
  const cmd = documents.slice(Math.max(0, entry)).findLast((document) => document.cmd !== undefined)?.cmd;
  const entrypoint = documents[entry]?.entrypoint;
  const workdir = last('workdir');
  const stopSignal = last('stop-signal');
  const healthcheck = last('healthcheck');
  return {
    ...(user === undefined ? {} : { user: isOnImage ? user : userId(user, users) }),
    ...(workdir === undefined && isOnImage ? {} : { workdir: workdir ?? '/' }),
    env: Object.fromEntries(
      documents.flatMap(({ env = {} }) => Object.entries(env).map(([name, value]) => [name, String(value)])),
    ),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    labels: Object.assign({}, ...documents.map(({ labels }) => labels)),
    ports: [...new Set(documents.flatMap(({ ports = [] }) => ports.map(portText)))],
    volumes: [...new Set(documents.flatMap(({ volumes = [] }) => volumes))],
    ...(stopSignal === undefined ? {} : { stopSignal: String(stopSignal) }),
    ...(healthcheck === undefined ? {} : { ...compileHealthcheck(healthcheck, packages) }),
  };
}

/** In numbers: what runs containers cannot tell from a name whether it is root. */
export function userId(written: string, users: readonly User[]): string {
  const [name = '', ...group] = written.split(':');
  if (/^\d+$/.test(name)) return written;
  const uid = users.find((user) => user.name === name)?.uid ?? rootId(name);
  if (uid === undefined) throw new CinzelError('usage.recipe-account', { kind: 'user', name });
  return [String(uid), ...group].join(':');
}

/** Root's number is the same whether an image lists accounts or not. */
export function rootId(name: string): 0 | undefined {
  return name === 'root' ? 0 : undefined;
}

function portText(port: string | number): string {
  const text = String(port);
  return text.includes('/') ? text : `${text}/tcp`;
}
