import { compareText } from '../../core/compare-text.ts';
import type { ImagePath } from '../../core/path.ts';
import type { Trace } from './model.ts';

/** One thing that a program did with a path. */
export interface Use {
  readonly path: ImagePath;
  readonly kind: 'opened' | 'executed' | 'looked' | 'missed' | 'absent' | 'written';
}

/** What the kernel and the sandbox put there is no file of an image. */
const outside = /^\/(?:proc|dev|sys)(?:\/|$)/;

export function traceOf(uses: Iterable<Use>, calls?: Iterable<string>): Trace {
  const paths = { opened: new Set<ImagePath>(), executed: new Set<ImagePath>(), looked: new Set<ImagePath>() };
  const others = { missed: new Set<ImagePath>(), absent: new Set<ImagePath>(), written: new Set<ImagePath>() };
  const all = { ...paths, ...others };
  for (const { path, kind } of uses) if (!outside.test(path)) all[kind].add(path);
  const sorted = (set: ReadonlySet<string>): readonly string[] => [...set].sort(compareText);
  return {
    schemaVersion: 1,
    opened: sorted(all.opened),
    executed: sorted(all.executed),
    looked: sorted(all.looked),
    missed: sorted(all.missed),
    absent: sorted(all.absent),
    written: sorted(all.written),
    ...(calls === undefined ? {} : { calls: sorted(new Set(calls)) }),
  };
}

/** What is in any of the traces. */
export function mergeTraces(traces: readonly Trace[]): Trace {
  const kinds = ['opened', 'executed', 'looked', 'missed', 'absent', 'written'] as const;
  const calls = traces.flatMap((trace) => trace.calls ?? []);
  const uses = traces.flatMap((trace) => kinds.flatMap((kind) => trace[kind].map((path) => ({ path, kind }))));
  return traceOf(uses, calls.length === 0 ? undefined : calls);
}
