import type { Socket } from 'node:net';
import { type Dialer, startDialer } from '../dialer.ts';
import { enterNetwork } from '../enter-network.ts';
import { listeningPorts } from '../listening-ports.ts';
import type { Container, Ending, Executed, ExecuteOptions, Output, WrittenFile } from '../model.ts';
import type { Started } from '../processes.ts';
import type { EngineClient } from './client.ts';
import { writtenFiles } from './written-files.ts';

export interface EngineRun {
  readonly client: EngineClient;
  readonly name: string;
  /** The engine's command that stays while the container does. */
  readonly started: Started;
  /** The container's first process, as this machine sees it; undefined when it had ended before it was seen. */
  readonly pid: number | undefined;
  /** A folder of this run's own. */
  readonly folder: string;
  readonly onStop: () => void;
}

/** What an engine says when it cannot start a command; programs of images do not speak so. */
const cannotStart = /OCI runtime|executable file .* not found/;

/** An image that runs in an engine. */
export class EngineContainer implements Container {
  readonly ended: Promise<Ending>;
  readonly #run: EngineRun;
  #dialer: Promise<Dialer> | undefined;
  #stopped = false;

  constructor(run: EngineRun) {
    this.#run = run;
    this.ended = run.started.ended;
  }

  get name(): string {
    return this.#run.name;
  }

  /** From inside its network, so that it needs no bridge, no published port and no address of its own. */
  async connect(port: number): Promise<Socket> {
    const { pid, folder } = this.#run;
    if (pid === undefined) throw Object.assign(new Error('It has ended'), { code: 'ECONNREFUSED' });
    this.#dialer ??= startDialer(enterNetwork(pid), folder);
    return (await this.#dialer).connect(port);
  }

  async listening(): Promise<readonly number[]> {
    const { pid } = this.#run;
    return pid === undefined ? [] : listeningPorts(pid);
  }

  async execute(command: readonly string[], { stdin, signal }: ExecuteOptions = {}): Promise<Executed> {
    const { client, name } = this.#run;
    const executed = await client.run(['exec', ...(stdin === undefined ? [] : ['--interactive']), name, ...command], {
      ...(stdin === undefined ? {} : { stdin: { text: stdin } }),
      ...(signal === undefined ? {} : { signal }),
    });
    const { code, stdout, stderr } = executed;
    const said = Buffer.concat([stderr, stdout]);
    if ((code === 126 || code === 127) && cannotStart.test(said.toString('utf8'))) throw client.failure(said);
    return executed;
  }

  async output(): Promise<Output> {
    return this.#run.started.output();
  }

  written(): Promise<ReadonlyMap<string, WrittenFile>> {
    return writtenFiles(this.#run.client, this.#run.name);
  }

  async trace(): Promise<undefined> {
    return undefined;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const { client, name, onStop } = this.#run;
    (await this.#dialer?.catch(() => undefined))?.close();
    // Podman's rm would first wait for what ignores SIGTERM.
    await client.run(['kill', name]);
    await client.run(['rm', '--force', '--volumes', name]);
    await this.ended.catch(() => {});
    onStop();
  }
}
