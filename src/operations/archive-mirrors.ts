import type { Distribution } from '../inventory/model.ts';
import { chooseMirrors, type Mirrors, readHostCredentials, readHostSources } from '../repositories/apt/mirrors.ts';
import { parseSources } from '../repositories/apt/sources-list.ts';
import type { Toolbox } from './toolbox.ts';

/**
 * The Debian archives to use: those of the configuration, else those that the image names where `--use-image-sources`
 * allows it, else the host's, else a public one.
 */
export function archiveMirrors({ configuration }: Pick<Toolbox, 'configuration'>, image?: Distribution): Mirrors {
  const followed = configuration.get('use-image-sources') ? (image?.sources ?? []) : [];
  return chooseMirrors({
    given: configuration.get('mirror'),
    imageSources: followed.flatMap(({ path, text }) => parseSources(path, text)),
    hostSources: readHostSources(),
    hostCredentials: readHostCredentials(),
    now: new Date(),
  });
}
