import type { Container, PreparedImage } from '../../../runtimes/model.ts';
import type { Trace } from '../../../runtimes/trace/model.ts';

/** What a probe is played on. */
export interface Played {
  readonly container: Container;
  /** For runs of their own. */
  readonly image: PreparedImage;
  /** Takes the traces of runs of their own, where they are wanted. */
  readonly traces?: Trace[];
  /** The port of probes that name none; absent when the image listens on none. */
  readonly port?: number;
  /** Milliseconds since the process of this machine began, when the container was started. */
  readonly startedAt: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** The port that a probe means. */
export function portOf(probe: { readonly port?: number | undefined }, { port }: Played): number {
  const found = probe.port ?? port;
  if (found === undefined) throw new Error('no port is listened on');
  return found;
}
