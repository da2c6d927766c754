import type { Image } from '../image/model.ts';

type Layers = Pick<Image, 'layers'>;

/**
 * How many of an image's first layers are a base image's: all that the base has, when the image begins with them in
 * this order. Undefined when it does not, or when either has no diff IDs (a root filesystem on disk) or no layers.
 */
export function countBaseLayers(image: Layers, base: Layers): number | undefined {
  const count = base.layers.length;
  if (count === 0 || count > image.layers.length) return undefined;
  const isShared = base.layers.every(
    ({ diffId }, index) => diffId !== undefined && diffId === image.layers[index]?.diffId,
  );
  return isShared ? count : undefined;
}
