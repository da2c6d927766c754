import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { asObject, asString, parseJson } from '../../core/json.ts';

/** Where an engine listens. */
export interface EngineAddress {
  /** Base of its API's addresses. */
  readonly url: string;
  readonly socketPath?: string;
}

export type EngineName = 'docker' | 'podman';

interface AddressOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** What the user set; it counts before anything else. */
  readonly host?: string;
}

/**
 * Where an engine listens: the setting, DOCKER_HOST or CONTAINER_HOST, Docker's current context, then the usual
 * sockets. Undefined when none of these exists. Throws `usage.value` for an address of a kind that is not supported.
 */
export function engineAddress(engine: EngineName, { environment, host }: AddressOptions): EngineAddress | undefined {
  const named = engine === 'docker' ? environment['DOCKER_HOST'] : environment['CONTAINER_HOST'];
  const written = host || named || (engine === 'docker' ? contextHost(environment) : undefined);
  if (written) return parseHost(written);
  const socketPath = usualSockets(engine, environment).find((path) => existsSync(path));
  return socketPath === undefined ? undefined : { url: 'http://localhost', socketPath };
}

function parseHost(text: string): EngineAddress {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.+)$/.exec(text) ?? [];
  if (scheme === 'unix') return { url: 'http://localhost', socketPath: rest };
  if (scheme === 'tcp' || scheme === 'http') return { url: `http://${rest.replace(/\/$/, '')}` };
  if (scheme === 'https') return { url: `https://${rest.replace(/\/$/, '')}` };
  throw new CinzelError('usage.value', { name: 'docker.host', value: text, allowed: 'unix://PATH, tcp://HOST:PORT' });
}

function usualSockets(engine: EngineName, environment: NodeJS.ProcessEnv): readonly string[] {
  const runtime = environment['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`;
  const home = environment['HOME'] ?? homedir();
  if (engine === 'podman') return [join(runtime, 'podman/podman.sock'), '/run/podman/podman.sock'];
  return [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
  ];
}

/** The address of Docker's current context (docs.docker.com/engine/manage-resources/contexts), unless it is the default one. */
function contextHost(environment: NodeJS.ProcessEnv): string | undefined {
  const folder = environment['DOCKER_CONFIG'] ?? join(environment['HOME'] ?? homedir(), '.docker');
  const name = environment['DOCKER_CONTEXT'] ?? asString(readJson(join(folder, 'config.json'))?.['currentContext']);
  if (name === undefined || name === '' || name === 'default') return undefined;
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(folder, 'contexts/meta', id, 'meta.json'));
  return asString(asObject(asObject(meta?.['Endpoints'])?.['docker'])?.['Host']);
}

function readJson(path: string): ReturnType<typeof asObject> {
  try {
    return asObject(parseJson(readFileSync(path), path));
  } catch {
    return undefined;
  }
}
