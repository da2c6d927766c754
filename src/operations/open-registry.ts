import type { Image, Platform, RegistryName } from '../image/model.ts';
import { parseRegistryName } from '../image/reference.ts';
import { openRegistryImage, registryPlatforms } from '../image/sources/registry.ts';
import { openRegistryClient } from './registry-client.ts';
import type { Toolbox } from './toolbox.ts';

/** Opens an image of a registry. */
export async function openRegistry(
  name: RegistryName,
  { withLogin, ...options }: { readonly typed: string; readonly withLogin: boolean; readonly platform?: Platform },
  toolbox: Toolbox,
): Promise<Image> {
  const client = await openRegistryClient(name.registry, { withLogin }, toolbox);
  return openRegistryImage(name, { ...options, client, limits: toolbox.context.limits });
}

/** The platforms that an image of a registry can be opened for; none when it has no choice. */
export async function listRegistryPlatforms(
  name: RegistryName | string,
  toolbox: Toolbox,
): Promise<readonly Platform[]> {
  const parsed = typeof name === 'string' ? parseRegistryName(name) : name;
  const client = await openRegistryClient(parsed.registry, { withLogin: true }, toolbox);
  return registryPlatforms(parsed, client);
}
