import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, PreparedImage, RunOptions } from '../model.ts';
import { startProcess } from '../processes.ts';
import { findTool } from '../tools.ts';
import { BubblewrapContainer } from './bubblewrap-container.ts';
import type { BubblewrapOptions } from './bubblewrap-runtime.ts';
import { entering, firstProcess } from './launch.ts';

interface CommandOptions extends BubblewrapOptions {
  /** Where it runs. */
  readonly path: string;
  readonly command: readonly string[];
  readonly running: Set<Container>;
}

/** A program of this machine with a network of its own, or in that of an image. The files are this machine's. */
export class PreparedCommand implements PreparedImage {
  readonly #options: CommandOptions;
  #runs = 0;

  constructor(options: CommandOptions) {
    this.#options = options;
  }

  async start({ beside, environment: more }: RunOptions = {}): Promise<Container> {
    const { environment, path, command, running, hostNetwork } = this.#options;
    this.#runs++;
    const folder = join(path, String(this.#runs));
    await mkdir(folder);
    const ownNetwork = beside === undefined && !hostNetwork;
    const sandbox = ['--dev-bind', '/', '/', '--proc', '/proc', '--unshare-pid', '--die-with-parent', '--new-session'];
    const started = startProcess(
      [
        ...entering(beside),
        findTool('setpriv', environment),
        '--pdeathsig',
        'KILL',
        findTool('bwrap', environment),
        ...sandbox,
        ...(ownNetwork ? ['--unshare-net'] : []),
        '--json-status-fd',
        '3',
        '--chdir',
        folder,
        '--',
        ...command,
      ],
      { environment: { ...environment, ...more }, folder, descriptors: ['pipe'] },
    );
    const pid = await firstProcess(started);
    const container: Container = new BubblewrapContainer({
      started,
      pid,
      path: folder,
      onStop: () => running.delete(container),
    });
    running.add(container);
    return container;
  }

  async remove(): Promise<void> {
    await rm(this.#options.path, { recursive: true, force: true });
  }
}
