import { chooseMirrors, type Mirrors, readHostSources } from '../repositories/apt/mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** The Debian archives to use: those of the configuration, else the host's, else a public one. */
export function archiveMirrors({ configuration }: Pick<Toolbox, 'configuration'>): Mirrors {
  return chooseMirrors({ given: configuration.get('mirror'), hostSources: readHostSources(), now: new Date() });
}
