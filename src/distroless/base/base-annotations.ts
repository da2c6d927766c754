import { parseRegistryName } from '../../image/reference.ts';
import type { BaseImage } from './model.ts';

const prefix = 'registry:';

/**
 * What an image tells of the one that it was made on (image specification, annotations.md). Only a name of a registry
 * means the same to everybody: that of a file or of an engine stays out.
 */
export function baseAnnotations({
  name,
  digest,
}: Pick<BaseImage, 'name' | 'digest'>): Readonly<Record<string, string>> {
  return {
    ...(name.startsWith(prefix) ? { 'org.opencontainers.image.base.name': fullName(name.slice(prefix.length)) } : {}),
    'org.opencontainers.image.base.digest': digest,
  };
}

function fullName(text: string): string {
  const { registry, repository, tag } = parseRegistryName(text.replace(/^\/\//, ''));
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}`;
}
