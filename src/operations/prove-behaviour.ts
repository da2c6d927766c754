import { readFile } from 'node:fs/promises';
import type { Context } from '../core/context.ts';
import { CinzelError, isCinzelError } from '../core/errors.ts';
import { asObject, asStrings, parseJson } from '../core/json.ts';
import { systemProblem } from '../core/system-problem.ts';
import { compareAnswers } from '../distroless/contract/compare-answers.ts';
import type { Difference } from '../distroless/contract/model.ts';
import type { Recorded } from '../distroless/contract/record.ts';
import type { Strength } from '../distroless/contract/strength.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { ImageConfig } from '../image/model.ts';
import { ImageTree } from '../reach/image-tree.ts';
import type { Plan } from '../reach/plan/model.ts';
import type { SeenPath } from '../reach/reach.ts';
import { imageFiles } from '../runtimes/image-files.ts';
import type { PreparedImage, RootFile, Runtime } from '../runtimes/model.ts';
import type { Trace } from '../runtimes/trace/model.ts';
import { loadContract, serviceOpener } from './contract.ts';
import { openRuntime, type RuntimeChoice } from './open-runtime.ts';
import type { Toolbox } from './toolbox.ts';

export interface ProofOptions extends RuntimeChoice {
  /** Path of a contract; one is derived from the image without. */
  readonly contract?: string;
}

/** What a contract said about a slimmed image. */
export interface Proof {
  readonly strength: Strength;
  /** Nobody wrote the contract. */
  readonly derived: boolean;
  readonly differences: readonly Difference[];
  /** Derived probes that the source itself does not answer. */
  readonly dropped: Recorded['dropped'];
  /** Paths that were added as a slimmed image without them behaved otherwise. */
  readonly repairs: readonly SeenPath[];
}

/** Runs the source and slimmed images of it, and compares. */
export interface Prover {
  /** Plays the contract on the source, once. */
  record(filesystem: Filesystem, config: ImageConfig, trace: boolean): Promise<Recorded>;
  check(files: Iterable<RootFile>, config: ImageConfig): Promise<readonly Difference[]>;
  /** What a slimmed image, and then its source, are seen to use that the plan drops. */
  lacks(files: Iterable<RootFile>, source: SlimSource): Promise<readonly SeenPath[]>;
  close(): Promise<void>;
}

export interface SlimSource {
  readonly filesystem: Filesystem;
  readonly config: ImageConfig;
  readonly slimConfig: ImageConfig;
  readonly plan: Plan;
}

/** Makes what proves slimmed images. Throws `environment.missing-tool` and `usage.contract`. */
export async function openProver(options: ProofOptions, toolbox: Toolbox): Promise<Prover> {
  const contract = options.contract === undefined ? undefined : await loadContract(options.contract);
  const runtime = await openRuntime(options, toolbox);
  const { context } = toolbox;
  const playing = { openService: serviceOpener(runtime, toolbox), signal: context.signal };
  let recorded: Promise<Recorded> | undefined;
  const record = async (filesystem: Filesystem, config: ImageConfig, trace: boolean): Promise<Recorded> => {
    const { recordContract } = await import('../distroless/contract/record.ts');
    const given = { config, trace, ...playing, ...(contract === undefined ? {} : { contract }) };
    return prepared(imageFiles(filesystem, context), config, runtime, (image) => recordContract(image, given));
  };
  const play = async (files: Parameters<Runtime['prepare']>[0], config: ImageConfig, trace: boolean) => {
    if (recorded === undefined) throw new Error('Nothing is recorded.');
    const recording = await recorded;
    const { playRecording } = await import('../distroless/contract/play-recording.ts');
    return prepared(files, config, runtime, (image) => playRecording(recording, image, { ...playing, trace }));
  };
  return {
    record: (filesystem, config, trace) => {
      recorded ??= record(filesystem, config, trace);
      return recorded;
    },
    check: async (files, config) => {
      const { answers } = await play(files, config, false);
      return compareAnswers((await recorded)?.answers ?? [], answers);
    },
    lacks: async (files, { filesystem, config, slimConfig, plan }) => {
      if (!runtime.traces) return [];
      try {
        const slim = await play(files, slimConfig, true);
        const missed = slim.trace === undefined ? [] : missedPaths(slim.trace);
        const found = droppedPaths(missed, { filesystem, plan, context });
        if (found.length > 0) return found;
        const source = await play(imageFiles(filesystem, context), config, true);
        return source.trace === undefined ? [] : droppedPaths(usedPaths(source.trace), { filesystem, plan, context });
      } catch (error) {
        // Without a tracer nothing can be repaired; what differs is told all the same.
        if (isCinzelError(error, 'environment.missing-tool')) return [];
        throw error;
      }
    },
    close: () => runtime.close(),
  };
}

async function prepared<Result>(
  files: Parameters<Runtime['prepare']>[0],
  config: ImageConfig,
  runtime: Runtime,
  use: (image: PreparedImage) => Promise<Result>,
): Promise<Result> {
  const image = await runtime.prepare(files, config);
  try {
    return await use(image);
  } finally {
    await image.remove();
  }
}

function missedPaths({ missed, absent }: Trace): readonly SeenPath[] {
  return [
    ...missed.map((path): SeenPath => ({ path, detail: 'looked for in vain', whole: true })),
    ...absent.map((path): SeenPath => ({ path, detail: 'looked for in vain' })),
  ];
}

/** What a trace shows to be used. */
export function usedPaths({ opened, executed }: Trace): readonly SeenPath[] {
  return [
    ...executed.map((path): SeenPath => ({ path, detail: 'executed' })),
    ...opened.map((path): SeenPath => ({ path, detail: 'opened' })),
  ];
}

interface Dropping {
  readonly filesystem: Filesystem;
  readonly plan: Plan;
  readonly context: Context;
}

/** Of the paths, those that lead to something in the source and to nothing in the slimmed image. */
export function droppedPaths(paths: readonly SeenPath[], { filesystem, plan, context }: Dropping): readonly SeenPath[] {
  const tree = new ImageTree(filesystem, context.limits.linkHops);
  const kept = new Set(plan.entries.flatMap(({ path, fate }) => (fate === 'kept' ? [path] : [])));
  return paths.filter(({ path }) => {
    const traced = tree.trace(path);
    return traced !== undefined && [traced.entry.path, ...traced.links].some((one) => !kept.has(one));
  });
}

/** Reads traces that were written before. Throws `untrusted.malformed`. */
export async function readTraceFiles(files: readonly string[]): Promise<readonly SeenPath[]> {
  const seen: SeenPath[] = [];
  for (const file of files) {
    const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') throw new CinzelError('environment.not-found', { what: file }, { cause });
      throw new CinzelError('environment.read', { path: file, problem: systemProblem(cause) }, { cause });
    });
    const value = asObject(parseJson(bytes, file));
    if (value?.['schemaVersion'] !== 1 || !Array.isArray(value['opened'])) {
      throw new CinzelError('untrusted.malformed', { what: file, problem: 'no-trace' });
    }
    const { opened, executed } = value;
    for (const path of asStrings(executed)) seen.push({ path, detail: 'executed' });
    for (const path of asStrings(opened)) seen.push({ path, detail: 'opened' });
  }
  return seen;
}
