import { isAlive } from '../../core/process-scope.ts';
import type { EngineClient } from './client.ts';

/** Repository of the images that are made to be run. */
export const repository = 'localhost/cinzel-run';
/** What names of containers begin with; then come scope, process and a number. */
export const containerPrefix = 'cinzel-run-';

/** Removes containers and images of processes that are gone: one that is killed removes nothing. */
export async function removeLeftovers(client: EngineClient, scope: string): Promise<void> {
  const isLeft = (name: string): boolean => {
    const [, place, pid] = /([0-9a-f]{16})-(\d+)-[0-9a-f]+-\d+$/.exec(name) ?? [];
    return place === scope && !isAlive(Number(pid));
  };
  const containers = await client.ask(['ps', '--all', '--filter', `name=${containerPrefix}`, '--format', '{{.Names}}']);
  for (const name of containers.split('\n').filter(isLeft)) {
    await client.run(['kill', name]);
    await client.run(['rm', '--force', '--volumes', name]);
  }
  const images = await client.ask(['images', '--format', '{{.Repository}}:{{.Tag}}']);
  for (const name of images.split('\n').filter((one) => one.startsWith(`${repository}:`) && isLeft(one))) {
    await client.run(['rmi', '--force', name]);
  }
}
