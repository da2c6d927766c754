import { once } from 'node:events';
import { CinzelError } from '../../core/errors.ts';
import type { Executed } from '../model.ts';
import { runProcess, type Started, type StartOptions, startProcess } from '../processes.ts';
import { findTool } from '../tools.ts';

export type EngineId = 'docker' | 'podman';

/** The engine's own command line, which Docker and Podman share. */
export class EngineClient {
  readonly engine: EngineId;
  readonly #program: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** Throws `environment.missing-tool`. */
  constructor(engine: EngineId, environment: NodeJS.ProcessEnv) {
    this.engine = engine;
    this.#program = findTool(engine, environment);
    this.#environment = environment;
  }

  start(args: readonly string[], options: Omit<StartOptions, 'environment'> = {}): Started {
    return startProcess([this.#program, ...args], { environment: this.#environment, ...options });
  }

  run(args: readonly string[], options: Omit<StartOptions, 'environment'> = {}): Promise<Executed> {
    return runProcess([this.#program, ...args], { environment: this.#environment, ...options });
  }

  /** What a command of the engine answers. Throws `environment.runtime` when it fails. */
  async ask(args: readonly string[]): Promise<string> {
    const executed = await this.run(args);
    if (executed.code !== 0) throw this.failure(executed.stderr);
    return Buffer.from(executed.stdout).toString('utf8').trim();
  }

  /** Makes an image of one layer of a tar archive. Throws `environment.runtime`. */
  async import(archive: AsyncIterable<Uint8Array>, name: string): Promise<void> {
    const { child, ended, output } = this.start(['import', '-', name], { stdin: 'open' });
    const { stdin } = child;
    if (stdin === null) throw new Error('Its input was asked for.');
    try {
      for await (const part of archive) {
        if (child.exitCode !== null || stdin.destroyed) break;
        if (!stdin.write(part)) await Promise.race([once(stdin, 'drain'), ended]);
      }
    } catch (error) {
      // What is cut short must not become an image.
      child.kill('SIGKILL');
      throw error;
    }
    stdin.end();
    if ((await ended).code !== 0) throw this.failure(output().stderr);
  }

  failure(stderr: Uint8Array): CinzelError<'environment.runtime'> {
    const lines = Buffer.from(stderr).toString('utf8').trim().split('\n');
    const line = lines.find((one) => /error/i.test(one)) ?? lines[0] ?? '';
    return new CinzelError('environment.runtime', { runtime: this.engine, problem: line.slice(0, 500) });
  }
}
