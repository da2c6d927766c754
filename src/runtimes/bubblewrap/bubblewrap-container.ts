import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { rootPath } from '../../core/path.ts';
import { type Dialer, startDialer } from '../dialer.ts';
import { enterNetwork } from '../enter-network.ts';
import { listeningPorts } from '../listening-ports.ts';
import type { Container, Ending, Executed, ExecuteOptions, Output, WrittenFile } from '../model.ts';
import { runProcess, type Started } from '../processes.ts';
import { findTool } from '../tools.ts';
import type { Trace } from '../trace/model.ts';
import { readTrace } from '../trace/read-trace.ts';
import { type SandboxPlan, sandboxArguments } from './sandbox-arguments.ts';
import { writtenFiles } from './written-files.ts';

export interface BubblewrapRun {
  readonly started: Started;
  /** The first process of the sandbox, as this machine sees it. */
  readonly pid: number;
  /** Absent for a program of this machine. */
  readonly plan?: SandboxPlan;
  /** The folder of the run. */
  readonly path: string;
  /** What its trace records; absent when there is none. */
  readonly traced?: 'calls' | 'files';
  readonly onStop: () => void;
}

/** An image that runs under bwrap. */
export class BubblewrapContainer implements Container {
  readonly ended: Promise<Ending>;
  readonly #run: BubblewrapRun;
  #dialer: Promise<Dialer> | undefined;
  #stopped = false;

  constructor(run: BubblewrapRun) {
    this.#run = run;
    this.ended = run.started.ended.then((ending) => endingOf(ending, run.started.output()));
  }

  /** The first process, whose namespaces others join. */
  get pid(): number {
    return this.#run.pid;
  }

  async connect(port: number): Promise<Socket> {
    this.#dialer ??= startDialer(enterNetwork(this.#run.pid), this.#run.path);
    return (await this.#dialer).connect(port);
  }

  listening(): Promise<readonly number[]> {
    return listeningPorts(this.#run.pid);
  }

  async execute(command: readonly string[], { stdin, signal }: ExecuteOptions = {}): Promise<Executed> {
    const { plan, path, pid, started } = this.#run;
    const text = stdin === undefined ? {} : { stdin: { text: stdin } };
    if (plan === undefined)
      return runProcess([...enterNetwork(this.#run.pid), ...command], { environment: process.env, ...text });
    if (!plan.privileged) {
      const all = ['--user', '--mount', '--net', '--pid', '--ipc', '--uts', '--root', '--preserve-credentials'];
      const enter = [findTool('nsenter', process.env), '--target', String(pid), ...all];
      const environment = Object.fromEntries(plan.environment);
      const options = { environment, ...text, ...(signal === undefined ? {} : { signal }) };
      return runProcess([...enter, `--wd=/proc/${pid}/root${plan.folder}`, '--', ...command], options);
    }
    const processes = openSync(`/proc/${pid}/ns/pid`, 'r');
    try {
      const holder = started.child.pid ?? pid;
      const own = [`--mount=/proc/${holder}/ns/mnt`, `--net=/proc/${pid}/ns/net`, `--wd=${path}`];
      const { report: _report, ...same } = plan;
      const sandbox = sandboxArguments({ ...same, ownNetwork: false, processes: 3 });
      return await runProcess(
        [findTool('nsenter', process.env), ...own, '--', findTool('bwrap', process.env), ...sandbox, ...command],
        { environment: process.env, ...text, descriptors: [processes], ...(signal === undefined ? {} : { signal }) },
      );
    } finally {
      closeSync(processes);
    }
  }

  async output(): Promise<Output> {
    return this.#run.started.output();
  }

  written(): Promise<ReadonlyMap<string, WrittenFile>> {
    return writtenFiles(this.#run.path);
  }

  async trace(): Promise<Trace | undefined> {
    const { traced, path, plan } = this.#run;
    if (traced === undefined) return undefined;
    return readTrace(join(path, 'trace'), plan?.folder ?? rootPath, traced === 'calls');
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    (await this.#dialer?.catch(() => undefined))?.close();
    killQuietly(this.#run.pid);
    await this.ended.catch(() => {});
    this.#run.onStop();
  }
}

/** The first process of a namespace takes all others with it. */
function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended before.
  }
}

/** A program that could not be started ends as shells and engines have it: 127 when it is not there, else 126. */
function endingOf(ending: Ending, { stderr }: Output): Ending {
  const [, reason] =
    (ending.code === 1 && /^bwrap: execvp .*: (.*)$/m.exec(Buffer.from(stderr).toString('utf8'))) || [];
  if (reason === undefined) return ending;
  return { code: reason === 'No such file or directory' ? 127 : 126 };
}
