import { setMaxListeners } from 'node:events';
import { defaultLimits, type Limits } from './limits.ts';
import type { ProgressListener } from './progress.ts';

/** What every stage is given: nothing here is global, so tests and servers can pass their own. */
export interface Context {
  /** The time that results carry: SOURCE_DATE_EPOCH when it is set. */
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly limits: Limits;
  readonly progress: ProgressListener;
}

/** A context with defaults for whatever the caller leaves out. */
export function createContext(parts: Partial<Context> = {}): Context {
  return {
    now: parts.now ?? systemClock,
    signal: shared(parts.signal ?? new AbortController().signal),
    limits: parts.limits ?? defaultLimits,
    progress: parts.progress ?? (() => {}),
  };
}

/**
 * One signal ends all work of a run, so as many listen to it as there is work at once. Node 20 takes more than ten for a
 * leak and says so on stderr; later versions do not count them for signals.
 */
function shared(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}

/** SOURCE_DATE_EPOCH (seconds, reproducible-builds.org) when set, else the present. */
export function systemClock(): Date {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  return epoch !== undefined && /^\d+$/.test(epoch) ? new Date(Number(epoch) * 1000) : new Date();
}
