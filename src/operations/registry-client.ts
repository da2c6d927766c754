import { createRegistryClient, type RegistryClient } from '../image/registry/client.ts';
import type { Toolbox } from './toolbox.ts';

export interface RegistryClientOptions {
  /** Whether the user name and password that were set are for this registry; else only what container tools know. */
  readonly withLogin: boolean;
}

/** A client of the registry of this host, as the configuration has it. */
export async function openRegistryClient(
  registry: string,
  { withLogin }: RegistryClientOptions,
  toolbox: Toolbox,
): Promise<RegistryClient> {
  const { configuration, context, environment } = toolbox;
  const username = configuration.get('registry.username');
  const password = configuration.get('registry.password');
  const mirror = configuration.get('registry.mirrors')?.[registry];
  return createRegistryClient({
    registry,
    http: await toolbox.http(),
    environment,
    ...(withLogin && username !== undefined && password !== undefined ? { login: { username, password } } : {}),
    ...(mirror === undefined ? {} : { mirrors: [mirror] }),
    insecureHosts: configuration.get('registry.insecure') ?? [],
    limits: context.limits,
    signal: context.signal,
  });
}
