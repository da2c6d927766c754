import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A Docker engine of a test's own. */
export interface DockerEngine {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  /** Runs its command line; gives what it prints on both outputs, and throws when it fails. */
  readonly command: (...args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Whether one can be started here. */
export function hasDocker(): boolean {
  return process.getuid?.() === 0 && spawnSync('which', ['dockerd']).status === 0;
}

const attempts = 600;

/** Starts an engine without a network of its own, with all that it keeps in the folder. */
export async function startDocker(folder: string): Promise<DockerEngine> {
  const host = `unix://${join(folder, 'docker.sock')}`;
  const places = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '-p', join(folder, 'pid')];
  const engine = spawn('dockerd', ['--iptables=false', '--bridge=none', '-H', host, ...places], { stdio: 'ignore' });
  const command = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)('/usr/bin/docker', ['-H', host, ...args], {
      maxBuffer: 2 ** 24,
    });
    return stdout + stderr;
  };
  for (let attempt = 0; spawnSync('/usr/bin/docker', ['-H', host, 'version'], { stdio: 'ignore' }).status !== 0; ) {
    if (attempt++ > attempts || engine.exitCode !== null) throw new Error('dockerd did not start');
    await sleep(100);
  }
  return { host, command, stop: () => stop(engine, folder) };
}

async function stop(engine: ChildProcess, folder: string): Promise<void> {
  engine.kill();
  if (engine.exitCode === null) await new Promise((resolve) => engine.once('exit', resolve));
  for (const mount of ['data', 'exec/netns/default']) {
    spawnSync('umount', [join(folder, mount)], { stdio: 'ignore' });
  }
}
