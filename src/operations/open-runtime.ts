import { join } from 'node:path';
import { cacheFolder } from '../configuration/folders.ts';
import type { Runtime, RuntimeId } from '../runtimes/model.ts';
import type { Toolbox } from './toolbox.ts';

export interface RuntimeChoice {
  readonly runtime: RuntimeId;
  /** Whether what runs shares this machine's network. */
  readonly hostNetwork: boolean;
}

/** Opens what runs images. Throws `environment.missing-tool`. */
export async function openRuntime(
  { runtime: _runtime, hostNetwork }: RuntimeChoice,
  toolbox: Toolbox,
): Promise<Runtime> {
  const { environment, configuration } = toolbox;
  const parent = join(cacheFolder(configuration, environment), 'runs');
  const { openBubblewrap } = await import('../runtimes/bubblewrap/bubblewrap-runtime.ts');
  return openBubblewrap({ environment, parent, hostNetwork });
}
