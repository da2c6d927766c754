import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Ending, Executed, Output } from './model.ts';

/** Of what a program writes, this much is kept. */
const outputLimit = 4 * 1024 ** 2;

/** A program of this machine that was started. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  readonly output: () => Output;
}

export interface StartOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Text to read, or `open` for an input that never ends; without it there is none. */
  readonly stdin?: { readonly text: string } | 'open';
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** What descriptors from 3 on are: numbers of open files, or `pipe`. */
  readonly descriptors?: readonly (number | 'pipe')[];
}

/** Starts a program. `ended` rejects when it cannot be started. */
export function startProcess([program = '', ...rest]: readonly string[], options: StartOptions): Started {
  const { environment, folder, stdin, descriptors = [] } = options;
  const settings: SpawnOptions = {
    env: environment,
    ...(folder === undefined ? {} : { cwd: folder }),
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...descriptors],
  };
  const child = spawn(program, rest, settings);
  const end = (): boolean => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', end, { once: true });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      options.signal?.removeEventListener('abort', end);
      resolve({ code: code ?? 128 + signalNumber(signal) });
    });
  });
  // Who asks later must not find that nobody listened.
  ended.catch(() => {});
  if (stdin !== undefined) {
    child.stdin?.on('error', () => {});
    if (stdin !== 'open') child.stdin?.end(stdin.text);
  }
  return { child, ended, output: () => ({ stdout: stdout(), stderr: stderr() }) };
}

/** Runs a program to its end. */
export async function runProcess(command: readonly string[], options: StartOptions): Promise<Executed> {
  const { ended, output } = startProcess(command, options);
  const ending = await ended;
  return { ...ending, ...output() };
}

function collect(stream: Readable | null): () => Uint8Array {
  const parts: Buffer[] = [];
  let size = 0;
  stream?.on('data', (part: Buffer) => {
    if (size < outputLimit) parts.push(part.subarray(0, outputLimit - size));
    size += part.length;
  });
  return () => Buffer.concat(parts);
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === 'SIGKILL' ? 9 : signal === 'SIGTERM' ? 15 : 0;
}
