import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { normalizePath, rootPath } from '../../core/path.ts';
import type { ImageConfig } from '../../image/model.ts';
import { type Account, findAccount } from '../account.ts';
import type { Container, PreparedImage, RootFile, RunOptions, Runtime } from '../model.ts';
import { withMountPoints } from '../mount-points.ts';
import { makePrivateFolder, type PrivateFolder } from '../private-folder.ts';
import { startProcess } from '../processes.ts';
import { commandOf, environmentOf } from '../run-command.ts';
import { findTool } from '../tools.ts';
import { unpackFiles } from '../unpack.ts';
import { BubblewrapContainer } from './bubblewrap-container.ts';
import { entering, firstProcess, straceCommand } from './launch.ts';
import { PreparedCommand } from './prepared-command.ts';
import { layRoot, makeRunFolder } from './run-folder.ts';
import { type SandboxPlan, sandboxArguments } from './sandbox-arguments.ts';

export interface BubblewrapOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Where files are laid out. */
  readonly parent: string;
  /** Whether containers share this machine's network. */
  readonly hostNetwork: boolean;
  /** Whether a traced run records every system call, and not only what names files. */
  readonly allCalls: boolean;
}

/** Runs images with bubblewrap: no daemon; as root with every user of the image, else with one. */
export async function openBubblewrap(options: BubblewrapOptions): Promise<Runtime> {
  const { environment, parent } = options;
  for (const tool of ['bwrap', 'nsenter', 'setpriv', 'tar'] as const) findTool(tool, environment);
  const folder = await makePrivateFolder(parent);
  const running = new Set<Container>();
  let images = 0;
  return {
    id: 'bubblewrap',
    traces: true,
    prepare: async (files, config) => {
      images++;
      const path = join(folder.path, `image-${images}`);
      const accounts = { passwd: '', group: '' };
      await unpackFiles(noting(withMountPoints(files, config), accounts), join(path, 'root'), environment);
      const account = findAccount(config.user, accounts);
      if (account === undefined) {
        throw new CinzelError('environment.not-found', { what: { kind: 'user', name: config.user ?? '' } });
      }
      return new PreparedBubblewrap({ ...options, path, config, account, running });
    },
    prepareCommand: async (command) => {
      images++;
      const path = join(folder.path, `command-${images}`);
      await mkdir(path);
      return new PreparedCommand({ ...options, path, command, running });
    },
    close: () => endAll(running, folder),
  };
}

async function endAll(running: ReadonlySet<Container>, folder: PrivateFolder): Promise<void> {
  await Promise.all([...running].map((container) => container.stop()));
  await folder.remove();
}

/** Passes files on and keeps the text of those that name accounts. */
async function* noting(
  files: AsyncIterable<RootFile>,
  accounts: { passwd: string; group: string },
): AsyncGenerator<RootFile> {
  for await (const file of files) {
    const path = normalizePath(`/${file.header.name}`);
    if (path === '/etc/passwd') accounts.passwd = Buffer.from(file.content).toString('utf8');
    if (path === '/etc/group') accounts.group = Buffer.from(file.content).toString('utf8');
    yield file;
  }
}

interface Prepared extends BubblewrapOptions {
  readonly path: string;
  readonly config: ImageConfig;
  readonly account: Account;
  readonly running: Set<Container>;
}

class PreparedBubblewrap implements PreparedImage {
  readonly #prepared: Prepared;
  #runs = 0;

  constructor(prepared: Prepared) {
    this.#prepared = prepared;
  }

  async start(options: RunOptions = {}): Promise<Container> {
    const { path, config, account, running, hostNetwork, allCalls, environment } = this.#prepared;
    this.#runs++;
    const run = await makeRunFolder(path, `run-${this.#runs}`, options.hosts ?? []);
    const privileged = process.getuid?.() === 0;
    const plan: SandboxPlan = {
      privileged,
      root: 'merged',
      account,
      environment: environmentOf(config, { home: account.home, ...options }),
      folder: normalizePath(`/${config.workingDir ?? ''}`) ?? rootPath,
      hostname: `run-${this.#runs}`,
      files: run.files,
      ownNetwork: options.beside === undefined && !hostNetwork,
      report: 3,
    };
    const command = [
      ...entering(options.beside),
      findTool('setpriv', environment),
      '--pdeathsig',
      'KILL',
      ...(privileged ? [findTool('unshare', environment), '--mount', '--propagation', 'private'] : []),
      'sh',
      '-c',
      layRoot,
      'sh',
      privileged ? 'overlay' : 'copy',
      ...(options.trace === true ? straceCommand(environment, allCalls) : []),
      findTool('bwrap', environment),
      ...sandboxArguments(plan),
      ...commandOf(config, options),
    ];
    const started = startProcess(command, {
      environment,
      folder: run.path,
      ...(options.stdin === undefined ? {} : { stdin: { text: options.stdin } }),
      descriptors: ['pipe'],
    });
    const pid = await firstProcess(started);
    const container: Container = new BubblewrapContainer({
      started,
      pid,
      plan,
      path: run.path,
      ...(options.trace === true ? { traced: allCalls ? ('calls' as const) : ('files' as const) } : {}),
      onStop: () => running.delete(container),
    });
    running.add(container);
    return container;
  }

  async remove(): Promise<void> {
    await rm(this.#prepared.path, { recursive: true, force: true });
  }
}
