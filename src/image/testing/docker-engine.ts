import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Docker engine of a test's own. */
export interface DockerEngine {
  /** As DOCKER_HOST takes it. */
  readonly host: string;
  /** Runs the engine's own command line. */
  readonly command: (...args: readonly string[]) => Buffer;
  readonly stop: () => Promise<void>;
}

/** Whether one can be started here; with CI set it must be. */
export function hasDockerTools(): boolean {
  if (process.env['CI'] !== undefined) return true;
  return process.getuid?.() === 0 && ['dockerd', 'skopeo'].every((tool) => spawnSync('which', [tool]).status === 0);
}

/** Starts an engine that keeps all it has in a folder, which `stop` removes. */
export async function startDockerEngine(folder: string): Promise<DockerEngine> {
  const host = `unix://${join(folder, 'docker.sock')}`;
  const places = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '-p', join(folder, 'pid')];
  const child = spawn('dockerd', ['--iptables=false', '--bridge=none', '-H', host, ...places], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; tries < 150 && !answers(host); tries++) await sleep(200);
  return {
    host,
    command: (...args) =>
      execFileSync('/usr/bin/docker', ['-H', host, ...args], { stdio: 'pipe', maxBuffer: 256 * 1024 ** 2 }),
    stop: async () => {
      child.kill();
      await ended;
      for (const mount of ['data', 'exec/netns/default']) {
        spawnSync('umount', [join(folder, mount)], { stdio: 'ignore' });
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(host: string): boolean {
  return spawnSync('/usr/bin/docker', ['-H', host, 'version'], { stdio: 'ignore' }).status === 0;
}
