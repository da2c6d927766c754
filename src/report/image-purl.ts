import { isCinzelError } from '../core/errors.ts';
import { parseRegistryName } from '../image/reference.ts';
import { formatPurl } from '../inventory/purl.ts';
import type { ImageSummary } from './model.ts';

/**
 * The image's package URL of type oci (purl specification, types/oci-definition): the last part of the repository,
 * the digest as version, and the registry's repository only where one is known: a name without a host says nothing of
 * where the image is. Absent where the image has no digest, or no name that a registry could have.
 */
export function imagePurl(image: ImageSummary): string | undefined {
  if (image.digest === undefined) return undefined;
  const name = registryName(image.name);
  if (name === undefined) return undefined;
  const repository = name.repository.toLowerCase();
  return formatPurl({
    type: 'oci',
    name: repository.slice(repository.lastIndexOf('/') + 1),
    version: image.digest,
    qualifiers: {
      arch: image.platform.split('/')[1] ?? '',
      repository_url: isPublished(image, name.registry) ? `${name.registry}/${repository}` : '',
      tag: name.tag ?? '',
    },
  });
}

function isPublished({ name, registry }: ImageSummary, host: string): boolean {
  return registry !== undefined || name.startsWith(`${host}/`);
}

/** The repository that the image's name means: `docker.io/library/nginx`; the name itself where it means none. */
export function repositoryOf(image: ImageSummary): string {
  const name = registryName(image.name);
  return name === undefined ? image.name : `${name.registry}/${name.repository}`;
}

function registryName(text: string): ReturnType<typeof parseRegistryName> | undefined {
  try {
    return parseRegistryName(text);
  } catch (error) {
    if (isCinzelError(error)) return undefined;
    throw error;
  }
}
