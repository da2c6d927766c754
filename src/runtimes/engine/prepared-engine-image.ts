import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CinzelError } from '../../core/errors.ts';
import { normalizePath, rootPath } from '../../core/path.ts';
import type { ImageConfig } from '../../image/model.ts';
import type { Container, PreparedImage, RunOptions } from '../model.ts';
import type { Started } from '../processes.ts';
import { commandOf, environmentOf } from '../run-command.ts';
import type { EngineClient } from './client.ts';
import { EngineContainer } from './engine-container.ts';

export interface EngineImage {
  readonly client: EngineClient;
  /** Name of the image in the engine. */
  readonly name: string;
  readonly config: ImageConfig;
  /** A folder of this machine for what stands beside the runs. */
  readonly folder: string;
  readonly hostNetwork: boolean;
  readonly running: Set<Container>;
  readonly nextName: () => string;
}

/** What the engine's command ends with when it could not make a container. */
const refused = 125;
/** What it ends with when it made one and could not start its program, as a program itself may end. */
const unstarted: readonly number[] = [126, 127];
/** What runtimes say then; of a program that is missing or that the user may not start, which is the image's, they name it. */
const runtimeFault = /OCI runtime|OCI permission denied|runc create failed|crun: /;
const programFault = /exec: "|executable/;
const pause = 30;

/** An image that was imported into an engine. */
export class PreparedEngineImage implements PreparedImage {
  readonly #image: EngineImage;

  constructor(image: EngineImage) {
    this.#image = image;
  }

  async start(options: RunOptions = {}): Promise<Container> {
    const { client, running, nextName, folder } = this.#image;
    if (options.trace === true) {
      throw new CinzelError('usage.untraced', { runtime: client.engine });
    }
    const name = nextName();
    const own = join(folder, name);
    await mkdir(own);
    // Engines refuse `--add-host` for who joins a network, and Podman does not share the names of that one.
    const hosts = `127.0.0.1 localhost ${(options.hosts ?? []).join(' ')}\n::1 localhost\n`;
    await writeFile(join(own, 'hosts'), hosts, { mode: 0o644 });
    const { stdin } = options;
    const started = client.start(this.#arguments(name, options), stdin === undefined ? {} : { stdin: { text: stdin } });
    const pid = await firstProcess(client, name, started);
    const onStop = (): void => {
      running.delete(container);
    };
    const container: Container = new EngineContainer({ client, name, started, pid, folder: own, onStop });
    running.add(container);
    return container;
  }

  async remove(): Promise<void> {
    await this.#image.client.run(['rmi', '--force', this.#image.name]);
  }

  #arguments(name: string, options: RunOptions): readonly string[] {
    const { name: image, config, hostNetwork, folder } = this.#image;
    const beside = options.beside instanceof EngineContainer ? `container:${options.beside.name}` : undefined;
    // The engine knows the home of the user.
    const environment = [...environmentOf(config, { home: '', ...options })].filter(
      ([key, value]) => key !== 'HOME' || value !== '',
    );
    return [
      'run',
      `--name=${name}`,
      '--pull=never',
      `--network=${beside ?? (hostNetwork ? 'host' : 'none')}`,
      ...(options.hosts === undefined ? [] : [`--volume=${join(folder, name, 'hosts')}:/etc/hosts:ro`]),
      ...environment.map(([key, value]) => `--env=${key}=${value}`),
      ...(config.user ? [`--user=${config.user}`] : []),
      `--workdir=${normalizePath(`/${config.workingDir ?? ''}`) ?? rootPath}`,
      ...(options.stdin === undefined ? [] : ['--interactive']),
      image,
      ...commandOf(config, options),
    ];
  }
}

/** Waits until the container has a process or has ended. Throws `environment.runtime` when there is no container. */
async function firstProcess(client: EngineClient, name: string, started: Started): Promise<number | undefined> {
  let code: number | undefined;
  started.ended.then(
    (ending) => {
      code = ending.code;
    },
    () => {
      code = refused;
    },
  );
  while (code === undefined) {
    const { stdout } = await client.run(['inspect', '--type=container', '--format={{.State.Pid}}', name]);
    const pid = Number(Buffer.from(stdout).toString('latin1'));
    if (pid > 0) return pid;
    await sleep(pause);
  }
  if (code !== refused && !(unstarted.includes(code) && isEngineFault(started.output().stderr))) return undefined;
  await client.run(['rm', '--force', '--volumes', name]);
  throw client.failure(started.output().stderr);
}

function isEngineFault(stderr: Uint8Array): boolean {
  const said = Buffer.from(stderr).toString('utf8');
  return runtimeFault.test(said) && !programFault.test(said);
}
