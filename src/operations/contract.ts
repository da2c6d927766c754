import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';
import { compareAnswers } from '../distroless/contract/compare-answers.ts';
import type { Contract, Difference, Recording } from '../distroless/contract/model.ts';
import type { OpenService } from '../distroless/contract/services.ts';
import { type Strength, strengthOf } from '../distroless/contract/strength.ts';
import type { Image } from '../image/model.ts';
import { imageFiles } from '../runtimes/image-files.ts';
import type { PreparedImage, Runtime } from '../runtimes/model.ts';
import { requireRunnable } from '../runtimes/require-runnable.ts';
import type { Trace } from '../runtimes/trace/model.ts';
import { openRuntime, type RuntimeChoice } from './open-runtime.ts';
import type { Toolbox } from './toolbox.ts';
import { withImageFiles } from './with-files.ts';

/** A contract or its answers are written by hand or by us: a larger file is another one. */
const documentBytes = 64 * 1024 ** 2;

export interface RecordRequest extends RuntimeChoice {
  /** Path of a contract; one is derived from the image without. */
  readonly contract?: string;
  readonly trace: boolean;
}

export interface RecordResult {
  readonly recording: Recording;
  readonly strength: Strength;
  /** Derived probes that the image itself does not answer. */
  readonly dropped: readonly { readonly probe: string; readonly problem: string }[];
  readonly trace?: Trace;
}

/** Runs an image and records what it answers to the probes of a contract. */
export async function recordAnswers(
  reference: string,
  request: RecordRequest,
  toolbox: Toolbox,
): Promise<RecordResult> {
  const contract = request.contract === undefined ? undefined : await loadContract(request.contract);
  return withRuntime(request, toolbox, async (runtime) =>
    withImage(reference, { runtime, toolbox }, async (prepared, image) => {
      const { recordContract } = await import('../distroless/contract/record.ts');
      const recorded = await recordContract(prepared, {
        config: image.config,
        ...(contract === undefined ? {} : { contract }),
        openService: serviceOpener(runtime, toolbox),
        trace: request.trace,
        signal: toolbox.context.signal,
      });
      const { answers, derived, dropped, trace } = recorded;
      const named = { name: image.name, ...(image.digest === undefined ? {} : { digest: image.digest }) };
      const recording: Recording = { schemaVersion: 1, image: named, contract: recorded.contract, derived, answers };
      return { recording, strength: strengthOf(answers, derived), dropped, ...(trace === undefined ? {} : { trace }) };
    }),
  );
}

export interface CheckRequest extends RuntimeChoice {
  /** Path of recorded answers. */
  readonly answers: string;
  /** Path of the contract, which must be the one that was recorded. */
  readonly contract?: string;
  readonly trace: boolean;
}

/** Whether an image answers as another one did. */
export interface CheckResult {
  readonly schemaVersion: 1;
  readonly image: Recording['image'];
  readonly recordedOn: Recording['image'];
  readonly strength: Strength;
  readonly equal: boolean;
  readonly differences: readonly Difference[];
}

/** Runs an image, plays the probes of a recording on it, and compares the answers. */
export async function checkAnswers(
  reference: string,
  request: CheckRequest,
  toolbox: Toolbox,
): Promise<{ readonly result: CheckResult; readonly trace?: Trace }> {
  const { decodeRecording } = await import('../distroless/contract/recording-file.ts');
  const recording = decodeRecording(await readSmall(request.answers), request.answers);
  if (request.contract !== undefined && !isDeepStrictEqual(await loadContract(request.contract), recording.contract)) {
    throw new CinzelError('usage.other-contract', { answers: request.answers });
  }
  return withRuntime(request, toolbox, async (runtime) =>
    withImage(reference, { runtime, toolbox }, async (prepared, image) => {
      const { playRecording } = await import('../distroless/contract/play-recording.ts');
      const { answers, trace } = await playRecording(recording, prepared, {
        openService: serviceOpener(runtime, toolbox),
        trace: request.trace,
        signal: toolbox.context.signal,
      });
      const differences = compareAnswers(recording.answers, answers);
      const result: CheckResult = {
        schemaVersion: 1,
        image: { name: image.name, ...(image.digest === undefined ? {} : { digest: image.digest }) },
        recordedOn: recording.image,
        strength: strengthOf(recording.answers, recording.derived),
        equal: differences.length === 0,
        differences,
      };
      return { result, ...(trace === undefined ? {} : { trace }) };
    }),
  );
}

/** Reads a contract. Throws `usage.contract` and `environment.not-found`. */
export async function loadContract(path: string): Promise<Contract> {
  const { readContract } = await import('../distroless/contract/read-contract.ts');
  return readContract(Buffer.from(await readSmall(path)).toString('utf8'), path);
}

async function readSmall(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new CinzelError('environment.not-found', { what: path }, { cause });
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  });
  if (bytes.length <= documentBytes) return bytes;
  throw new CinzelError('untrusted.limit', { limit: 'contract', value: documentBytes, what: path });
}

/** Opens a runtime for a job, and closes it whatever becomes of the job. */
export async function withRuntime<Result>(
  choice: RuntimeChoice,
  toolbox: Toolbox,
  use: (runtime: Runtime) => Promise<Result>,
): Promise<Result> {
  const runtime = await openRuntime(choice, toolbox);
  try {
    return await use(runtime);
  } finally {
    await runtime.close();
  }
}

interface Opening {
  readonly runtime: Runtime;
  readonly toolbox: Toolbox;
}

function withImage<Result>(
  reference: string,
  { runtime, toolbox }: Opening,
  use: (prepared: PreparedImage, image: Image) => Promise<Result>,
): Promise<Result> {
  return withImageFiles(reference, toolbox, async (image, filesystem) => {
    await requireRunnable(image.platform);
    return use(await runtime.prepare(imageFiles(filesystem, toolbox.context), image.config), image);
  });
}

/** Prepares the services that contracts name. */
export function serviceOpener(runtime: Runtime, toolbox: Toolbox): OpenService {
  return async (service) =>
    'image' in service
      ? withImage(service.image, { runtime, toolbox }, async (prepared) => prepared)
      : runtime.prepareCommand(service.command);
}
