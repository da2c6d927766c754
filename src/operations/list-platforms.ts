import type { Platform } from '../image/model.ts';
import { listLocalPlatforms } from '../image/open.ts';
import { understand } from './open-image.ts';
import type { Toolbox } from './toolbox.ts';

/** The platforms that a reference can be opened for; one undefined when there is no choice. */
export async function listPlatforms(text: string, toolbox: Toolbox): Promise<readonly (Platform | undefined)[]> {
  const reference = await understand(text, toolbox);
  const platforms = await platformsOf(reference, text, toolbox);
  return platforms.length === 0 ? [undefined] : platforms;
}

async function platformsOf(
  reference: Awaited<ReturnType<typeof understand>>,
  text: string,
  toolbox: Toolbox,
): Promise<readonly Platform[]> {
  if (reference !== undefined && 'path' in reference) return listLocalPlatforms(reference, toolbox.context);
  if (reference !== undefined && reference.kind !== 'registry') return [];
  const { listRegistryPlatforms } = await import('./open-registry.ts');
  return listRegistryPlatforms(reference?.name ?? text, toolbox);
}
