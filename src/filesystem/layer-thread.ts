import { parentPort, workerData } from 'node:worker_threads';
import { createContext } from '../core/context.ts';
import type { Digest } from '../core/digest.ts';
import { type ErrorCode, type ErrorParameters, isCinzelError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import type { Slice } from '../image/tar-file.ts';
import { encodeLayerRecord } from './layer-record.ts';
import { readStream } from './read-stream.ts';
import { compileSelector } from './selector.ts';
import { openSlice } from './slice-stream.ts';

/** What a thread is told once: the same for each of its layers. */
export interface ThreadSettings {
  readonly selects: readonly string[];
  readonly limits: Limits;
  readonly verify: boolean;
}

/** A layer to read. */
export interface ThreadTask {
  readonly slice: Slice;
  readonly layer: number;
  readonly digest?: Digest;
}

/** What a thread says of its layer: how far it is, and at last what it read or what is wrong with it. */
export type ThreadAnswer =
  | { readonly kind: 'advance'; readonly done: number }
  | {
      readonly kind: 'read';
      /** As `encodeLayerRecord` writes it. */
      readonly record: Uint8Array<ArrayBuffer>;
      readonly compressedSize: number;
      readonly digest?: Digest;
      readonly diffId?: Digest;
    }
  | { readonly kind: 'fault'; readonly code: ErrorCode; readonly parameters: ErrorParameters[ErrorCode] };

/** The program of a thread that reads compressed layers, one at a time. What is no fault of ours ends the thread. */
if (parentPort !== null) {
  const port = parentPort;
  const { selects, limits, verify } = workerData as ThreadSettings;
  const options = { context: createContext({ limits }), selector: compileSelector(selects), verify };
  const say = (answer: ThreadAnswer, transferred: readonly ArrayBuffer[] = []): void =>
    port.postMessage(answer, [...transferred]);

  const answer = async ({ slice, layer, digest }: ThreadTask): Promise<void> => {
    try {
      const read = await readStream(openSlice(slice), {
        ...options,
        layer,
        advance: sparsely((done) => say({ kind: 'advance', done })),
        ...(digest === undefined ? {} : { digest }),
      });
      const record = encodeLayerRecord(read);
      const { compressedSize, digest: actual, diffId } = read;
      const digests = {
        ...(actual === undefined ? {} : { digest: actual }),
        ...(diffId === undefined ? {} : { diffId }),
      };
      say({ kind: 'read', record, compressedSize, ...digests }, [record.buffer]);
    } catch (error) {
      if (!isCinzelError(error)) throw error;
      say({ kind: 'fault', code: error.code, parameters: error.parameters });
    }
  };
  port.on('message', (task: ThreadTask) => void answer(task));
}

/** A message costs more than a chunk is worth. */
function sparsely(advance: (done: number) => void): (done: number) => void {
  let said = 0;
  return (done) => {
    if (done - said < 4 * 1024 ** 2) return;
    said = done;
    advance(done);
  };
}
