import { Readable, type Transform } from 'node:stream';

export interface NodeDecoder {
  readonly transform: Transform;
  /** What the decoder's own failures become. */
  readonly explain: (cause: unknown) => Error;
  readonly highWaterMark?: number;
}

/** Sends a stream through one of Node's decoders. A failure of the source comes through as it is. */
export async function* throughDecoder(
  source: AsyncIterable<Uint8Array>,
  { transform, explain, highWaterMark }: NodeDecoder,
): AsyncGenerator<Uint8Array> {
  const input = Readable.from(source, { objectMode: false, ...(highWaterMark === undefined ? {} : { highWaterMark }) });
  let failure = undefined as Error | undefined;
  input.on('error', (error) => {
    failure = error;
    transform.destroy(error);
  });
  try {
    for await (const chunk of input.pipe(transform)) yield chunk as Uint8Array;
  } catch (cause) {
    throw failure ?? explain(cause);
  } finally {
    input.destroy();
    transform.destroy();
  }
}
