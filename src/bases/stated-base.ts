import { isDigest } from '../core/digest.ts';
import { isCinzelError } from '../core/errors.ts';
import type { Image, RegistryName } from '../image/model.ts';
import { parseRegistryName } from '../image/reference.ts';

/**
 * The base that an image names for itself, in the annotations of its manifest or in its labels (image specification,
 * annotations.md: `org.opencontainers.image.base.name` and `.digest`). The digest says more than a tag that has moved.
 * Undefined when there is none, or it is no name of a registry's image.
 */
export function statedBase({
  annotations = {},
  config,
}: Pick<Image, 'annotations' | 'config'>): RegistryName | undefined {
  const said = { ...config.labels, ...annotations };
  const name = understood(said['org.opencontainers.image.base.name'] ?? '');
  const digest = said['org.opencontainers.image.base.digest'] ?? '';
  return name === undefined || !isDigest(digest) ? name : { ...name, digest: digest };
}

function understood(text: string): RegistryName | undefined {
  try {
    return text === '' ? undefined : parseRegistryName(text);
  } catch (error) {
    if (isCinzelError(error, 'usage.reference')) return undefined;
    throw error;
  }
}
