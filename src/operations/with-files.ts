import { CinzelError } from '../core/errors.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { Image } from '../image/model.ts';
import { readImageLayers } from './inspect.ts';
import { openReference, wantedPlatform } from './open-image.ts';
import type { Toolbox } from './toolbox.ts';

/** Opens an image and gives it to `use` while all its files can be read. */
export async function withImageFiles<Result>(
  reference: string,
  toolbox: Toolbox,
  use: (image: Image, filesystem: Filesystem) => Promise<Result>,
): Promise<Result> {
  const { openLayerSpool } = await import('../filesystem/layer-spool.ts');
  const opened = await openReference(reference, toolbox, { platform: wantedPlatform(toolbox) });
  if (opened.kind === 'sbom') throw new CinzelError('usage.reference', { reference, problem: 'sbom-without-files' });
  const { image } = opened;
  const spool = openLayerSpool(image.layers, await toolbox.cache(), toolbox.context);
  try {
    const { filesystem } = await readImageLayers(image, toolbox, spool);
    return await use(image, filesystem);
  } finally {
    await spool.close();
    await image.close();
  }
}
