import type { Duplex } from 'node:stream';
import type { TarHeader } from '../formats/tar/model.ts';
import type { ImageConfig } from '../image/model.ts';
import type { Trace } from './trace/model.ts';

export const runtimeIds = ['bubblewrap', 'docker', 'podman'] as const;
export type RuntimeId = (typeof runtimeIds)[number];

/** A file of an image to run; its name is relative to the root, `./` for the root itself. */
export interface RootFile {
  readonly header: TarHeader;
  readonly content: Uint8Array;
}

/** What can run an image's files. */
export interface Runtime {
  readonly id: RuntimeId;
  /** Whether it can record which files an image uses. */
  readonly traces: boolean;
  /** Lays files out to be run as this configuration says, any number of times. */
  prepare(files: AsyncIterable<RootFile> | Iterable<RootFile>, config: ImageConfig): Promise<PreparedImage>;
  /** A program of this machine, to run beside an image. Throws `usage.invalid` where the runtime cannot do that. */
  prepareCommand(command: readonly string[]): Promise<PreparedImage>;
  /** Ends what still runs and removes what was laid out. */
  close(): Promise<void>;
}

/** An image's files, laid out. Each run of them begins with the files as they were. */
export interface PreparedImage {
  start(options?: RunOptions): Promise<Container>;
  remove(): Promise<void>;
}

export interface RunOptions {
  /** Instead of the image's command; the entrypoint stays. */
  readonly arguments?: readonly string[];
  /** Instead of entrypoint and command. */
  readonly command?: readonly string[];
  /** Variables besides the image's. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Names that mean the network's own address, besides `localhost`. */
  readonly hosts?: readonly string[];
  /** A container whose network it joins; it has one of its own without. */
  readonly beside?: Container;
  /** Whether the files that it uses are recorded. Throws `usage.invalid` where the runtime cannot do that. */
  readonly trace?: boolean;
}

/** Ended by its own will or by a signal. */
export interface Ending {
  readonly code: number;
}

export interface Output {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface Executed extends Ending, Output {}

/** An image that runs. */
export interface Container {
  /** Settles when its first process has ended. */
  readonly ended: Promise<Ending>;
  /** A connection to a TCP port that it listens on, made from beside it. Rejects when nobody listens. */
  connect(port: number): Promise<Duplex>;
  /** TCP ports that are listened on in its network, ascending. */
  listening(): Promise<readonly number[]>;
  /** Runs a further command in it. Throws `environment.runtime` when it cannot be started. */
  execute(command: readonly string[], options?: ExecuteOptions): Promise<Executed>;
  /** What it wrote to stdout and stderr so far, the first bytes of it. */
  output(): Promise<Output>;
  /** Regular files that it made or changed, by path. */
  written(): Promise<ReadonlyMap<string, WrittenFile>>;
  /** What it used so far; undefined unless it was started with `trace`. */
  trace(): Promise<Trace | undefined>;
  /** Ends every process in it. */
  stop(): Promise<void>;
}

export interface WrittenFile {
  readonly size: number;
  readonly read: () => Promise<Uint8Array>;
}

export interface ExecuteOptions {
  readonly stdin?: string;
  readonly signal?: AbortSignal;
}
