import { randomBytes } from 'node:crypto';
import { CinzelError } from '../../core/errors.ts';
import { processScope } from '../../core/process-scope.ts';
import type { Container, Runtime } from '../model.ts';
import { withMountPoints } from '../mount-points.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { findTool } from '../tools.ts';
import { tarBytes } from '../unpack.ts';
import { EngineClient, type EngineId } from './client.ts';
import { containerPrefix, removeLeftovers, repository } from './leftovers.ts';
import { PreparedEngineImage } from './prepared-engine-image.ts';

export interface EngineRuntimeOptions {
  readonly engine: EngineId;
  readonly environment: NodeJS.ProcessEnv;
  /** Where folders for sockets are made. */
  readonly parent: string;
  /** Whether containers share this machine's network. */
  readonly hostNetwork: boolean;
}

/** Runs images in Docker or Podman on this machine. Everything that it makes there it removes. */
export async function openEngineRuntime({ engine, environment, ...options }: EngineRuntimeOptions): Promise<Runtime> {
  const client = new EngineClient(engine, environment);
  findTool('nsenter', environment);
  const scope = await processScope();
  await removeLeftovers(client, scope);
  const folder = await makePrivateFolder(options.parent);
  const own = `${scope}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const running = new Set<Container>();
  const images = new Set<string>();
  let count = 0;
  const nextName = (): string => {
    count++;
    return `${own}-${count}`;
  };
  return {
    id: engine,
    traces: false,
    prepare: async (files, config) => {
      const name = `${repository}:${nextName()}`;
      images.add(name);
      await client.import(tarBytes(withMountPoints(files, config)), name);
      const { hostNetwork } = options;
      const names = (): string => `${containerPrefix}${nextName()}`;
      return new PreparedEngineImage({
        client,
        name,
        config,
        folder: folder.path,
        hostNetwork,
        running,
        nextName: names,
      });
    },
    prepareCommand: async ([program = '']) => {
      throw new CinzelError('usage.host-program', { engine, program });
    },
    close: async () => {
      await Promise.all([...running].map((container) => container.stop()));
      for (const name of images) await client.run(['rmi', '--force', name]);
      await folder.remove();
    },
  };
}
