/** The reader of stdout has gone, as in `cinzel … | head`: no fault, but nothing more to do. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

/** Turns the error of a write into ClosedPipe where it is one. */
export function closedPipe(error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' ? new ClosedPipe('stdout', { cause: error }) : error;
}
