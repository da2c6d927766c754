import { strengthOf } from '../distroless/contract/strength.ts';
import type { SeenPath } from '../reach/reach.ts';
import type { Trace } from '../runtimes/trace/model.ts';
import type { SlimImage } from './make-slim-image.ts';
import type { PlannedSlim } from './plan-slim.ts';
import { droppedPaths, openProver, type Proof, readTraceFiles, usedPaths } from './prove-behaviour.ts';
import type { ImageReach } from './reach.ts';
import type { SlimOptions } from './slim-options.ts';
import type { SlimSubject } from './slim-subject.ts';
import type { Toolbox } from './toolbox.ts';

/** So often what a slimmed image lacks is added and it is tried again. */
const mostRepairs = 5;

/** One slimmed image of several that are tried. */
export interface SlimAttempt {
  readonly subject: SlimSubject;
  readonly reach: ImageReach;
  readonly planned: PlannedSlim;
  readonly slim: SlimImage;
}

/** What running a slimmed image beside its source showed: to keep more and try again, or how they compare. */
export type SlimVerdict =
  | { readonly kind: 'again' }
  | { readonly kind: 'proven'; readonly contract: Proof; readonly trace?: Trace };

/** Runs slimmed images beside their source, and remembers what was seen to be used. */
export interface SlimProver {
  /** What is to be kept since a run used it; it grows from attempt to attempt. */
  readonly seen: readonly SeenPath[];
  /** Whether anything runs. */
  readonly runs: boolean;
  /** The trace of the source alone. */
  trace(attempt: Pick<SlimAttempt, 'subject' | 'reach'>): Promise<Trace | undefined>;
  prove(attempt: SlimAttempt): Promise<SlimVerdict>;
  close(): Promise<void>;
}

/** Makes what proves slimmed images as the options ask. Throws `environment.missing-tool` and `usage.contract`. */
export async function openSlimProver(options: SlimOptions, toolbox: Toolbox): Promise<SlimProver> {
  const seen = [...(await readTraceFiles(options.traceFiles ?? []))];
  const prover = options.proof === undefined ? undefined : await openProver(options.proof, toolbox);
  const traces = options.trace === true;
  const repairs: SeenPath[] = [];
  let attempts = 0;
  let traced = false;
  return {
    seen,
    runs: prover !== undefined,
    trace: async ({ subject, reach }) =>
      traces ? (await prover?.record(reach.filesystem, subject.source, traces))?.trace : undefined,
    prove: async ({ subject: { image, source }, reach: { filesystem }, planned: { plan, user }, slim: { files } }) => {
      if (prover === undefined) throw new Error('Nothing proves.');
      const { config } = image;
      const slimConfig = { ...config, ...(user.name === undefined ? {} : { user: user.name }) };
      const recorded = await prover.record(filesystem, source, traces);
      if (recorded.trace !== undefined && !traced) {
        traced = true;
        const used = droppedPaths(usedPaths(recorded.trace), { filesystem, plan, context: toolbox.context });
        seen.push(...used);
        if (used.length > 0) return { kind: 'again' };
      }
      const differences = await prover.check(files, slimConfig);
      if (differences.length > 0 && attempts < mostRepairs) {
        attempts++;
        const lacking = await prover.lacks(files, { filesystem, config: source, slimConfig, plan });
        seen.push(...lacking);
        repairs.push(...lacking);
        if (lacking.length > 0) return { kind: 'again' };
      }
      const { answers, derived, dropped, trace } = recorded;
      const contract = { strength: strengthOf(answers, derived), derived, differences, dropped, repairs };
      return { kind: 'proven', contract, ...(trace === undefined ? {} : { trace }) };
    },
    close: async () => prover?.close(),
  };
}
