import { CinzelError } from '../core/errors.ts';
import type { Plan } from '../reach/plan.ts';
import { inspect } from './inspect.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import { withReach } from './reach.ts';
import type { Toolbox } from './toolbox.ts';

/**
 * Tells which paths of an image its application needs and which not. Nothing is executed or written but the cache.
 * Throws `usage.entrypoint` when the image runs nothing.
 */
export async function planSlim(reference: string, toolbox: Toolbox): Promise<Plan> {
  const opened = await openReference(reference, toolbox, { platform: wantedPlatform(toolbox) });
  if (opened.kind === 'sbom') throw new CinzelError('usage.reference', { reference, problem: 'an SBOM has no files' });
  const { image } = opened;
  try {
    const { inventory } = await inspect(image, toolbox);
    const { makePlan } = await import('../reach/plan.ts');
    return await withReach(
      image,
      inventory,
      toolbox,
      async (reach) => makePlan({ ...reach, config: image.config, packages: inventory.packages }),
      { wholeApplication: true },
    );
  } finally {
    await image.close();
  }
}
