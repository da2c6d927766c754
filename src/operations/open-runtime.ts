import { join } from 'node:path';
import { cacheFolder } from '../configuration/folders.ts';
import type { Runtime, RuntimeId } from '../runtimes/model.ts';
import type { Toolbox } from './toolbox.ts';

export interface RuntimeChoice {
  readonly runtime: RuntimeId;
  /** Whether what runs shares this machine's network. */
  readonly hostNetwork: boolean;
  /** Whether a traced run records every system call; only what names files without. */
  readonly allCalls?: boolean;
}

/** Opens what runs images. Throws `environment.missing-tool`, and `environment.runtime` when an engine does not answer. */
export async function openRuntime(choice: RuntimeChoice, toolbox: Toolbox): Promise<Runtime> {
  const { runtime, hostNetwork, allCalls = false } = choice;
  const { environment, configuration } = toolbox;
  const parent = join(cacheFolder(configuration, environment), 'runs');
  if (runtime === 'bubblewrap') {
    const { openBubblewrap } = await import('../runtimes/bubblewrap/bubblewrap-runtime.ts');
    return openBubblewrap({ environment, parent, hostNetwork, allCalls });
  }
  const { openEngineRuntime } = await import('../runtimes/engine/engine-runtime.ts');
  const host = runtime === 'docker' ? configuration.get('docker.host') : undefined;
  const addressed = host ? { ...environment, DOCKER_HOST: host } : environment;
  return openEngineRuntime({ engine: runtime, environment: addressed, parent, hostNetwork });
}
