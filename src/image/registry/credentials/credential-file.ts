import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CinzelError, isCinzelError } from '../../../core/errors.ts';
import { asObject, asString, type JsonObject, parseJson } from '../../../core/json.ts';
import type { Credential } from './credential.ts';

/** What a `config.json` of Docker or an `auth.json` of Podman knows about a registry. */
export type CredentialEntry =
  | { readonly kind: 'credential'; readonly credential: Credential }
  | { readonly kind: 'helper'; readonly helper: string; readonly server: string };

/** Where container tools keep credentials; a file named by a variable goes first (containers-auth.json(5), docker login). */
export function credentialFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  const home = environment['HOME'] ?? homedir();
  const named = environment['REGISTRY_AUTH_FILE'];
  const docker = environment['DOCKER_CONFIG'];
  const runtime = environment['XDG_RUNTIME_DIR'];
  return [
    ...(named ? [named] : []),
    ...(docker ? [join(docker, 'config.json')] : []),
    ...(runtime ? [join(runtime, 'containers', 'auth.json')] : []),
    join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers', 'auth.json'),
    join(home, '.docker', 'config.json'),
  ];
}

/**
 * What one file has for a repository of a registry: a helper for this registry, an entry, or the helper for all.
 * Undefined when there is none or no such file. Throws `usage.configuration` for a file that cannot be understood.
 */
export function findInFile(path: string, registry: string, repository: string): CredentialEntry | undefined {
  const file = readFile(path);
  if (file === undefined) return undefined;
  const helper = bestMatch(asObject(file['credHelpers']), registry, repository);
  if (typeof helper?.value === 'string') {
    return { kind: 'helper', helper: helper.value, server: helper.key };
  }
  const entry = bestMatch(asObject(file['auths']), registry, repository)?.value;
  const credential = typeof entry === 'object' ? readEntry(asObject(entry) ?? {}) : undefined;
  if (credential !== undefined) return { kind: 'credential', credential };
  const store = asString(file['credsStore']);
  if (store === undefined || store === '') return undefined;
  return { kind: 'helper', helper: store, server: registry === 'docker.io' ? hubKey : registry };
}

/** What Docker calls its own registry in its configuration. */
const hubKey = 'https://index.docker.io/v1/';

function readFile(path: string): JsonObject | undefined {
  try {
    const file = asObject(parseJson(readFileSync(path), path));
    if (file !== undefined) return file;
    throw new CinzelError('usage.configuration', { path, problem: 'no-json-object' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined;
    if (isCinzelError(error, 'untrusted.malformed')) {
      throw new CinzelError('usage.configuration', { path, problem: error.parameters.problem }, { cause: error });
    }
    throw error;
  }
}

interface Match {
  readonly key: string;
  readonly value: JsonObject[string];
}

/** Keys may name a registry, or a part of one as `quay.io/organisation`: the longest that fits counts. */
function bestMatch(entries: JsonObject | undefined, registry: string, repository: string): Match | undefined {
  const whole = `${registry}/${repository}/`;
  const fitting = Object.entries(entries ?? {})
    .map(([key, value]) => ({ key, value, scope: scopeOf(key) }))
    .filter(({ scope }) => whole.startsWith(`${scope}/`))
    .sort((a, b) => b.scope.length - a.scope.length);
  return fitting[0];
}

/** Older files have whole addresses, with the version of an API that is no more. */
function scopeOf(key: string): string {
  const scope = key.replace(/^https?:\/\//, '').replace(/(?:\/v[12])?\/*$/, '');
  const [host = '', ...path] = scope.split('/');
  const isHub = host === 'index.docker.io' || host === 'registry-1.docker.io';
  return [isHub ? 'docker.io' : host, ...path].join('/');
}

function readEntry(entry: JsonObject): Credential | undefined {
  const registryToken = asString(entry['registrytoken']);
  if (registryToken) return { kind: 'access-token', token: registryToken };
  const identityToken = asString(entry['identitytoken']);
  if (identityToken) return { kind: 'identity-token', token: identityToken };
  const auth = Buffer.from(asString(entry['auth']) ?? '', 'base64').toString('utf8');
  const colon = auth.indexOf(':');
  // Docker pads some passwords with NUL bytes.
  if (colon > 0) {
    return { kind: 'basic', username: auth.slice(0, colon), password: auth.slice(colon + 1).replace(/\0+$/, '') };
  }
  const username = asString(entry['username']);
  const password = asString(entry['password']);
  return username && password !== undefined ? { kind: 'basic', username, password } : undefined;
}
