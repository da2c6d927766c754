import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CinzelError } from '../core/errors.ts';
import type { LayerRecord } from './layer-record.ts';
import { decodeLayerRecord } from './layer-record.ts';
import type { ThreadAnswer, ThreadSettings, ThreadTask } from './layer-thread.ts';
import type { StreamedLayer } from './read-stream.ts';

/** A layer that a thread read, and its record as the cache keeps it. */
export interface ThreadedLayer extends StreamedLayer {
  readonly encoded: Uint8Array;
}

/** The program of a thread, where there is one: the bundle has it, the sources cannot be run by a thread as they are. */
const program = new URL('./layer-thread.js', import.meta.url);

/** Below this many compressed bytes a thread costs more than it saves. */
const worth = 8 * 1024 ** 2;

/**
 * Reads compressed layers of local files on other cores: what inflating leaves to do (two hashes, and the archive's
 * headers) would else all be done on one. Threads are started as they are needed, and kept for the next layer.
 */
export class LayerThreads {
  readonly #settings: ThreadSettings;
  readonly #signal: AbortSignal;
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];

  constructor(settings: ThreadSettings, signal: AbortSignal) {
    this.#settings = settings;
    this.#signal = signal;
  }

  /** Whether a thread would read so many bytes sooner. */
  static isWorth(bytes: number): boolean {
    return bytes >= worth && existsSync(fileURLToPath(program));
  }

  /** Fails as reading the layer here would, and with the signal's reason when that ends the run. */
  async read(task: ThreadTask, advance: (compressedBytes: number) => void): Promise<ThreadedLayer> {
    const thread = this.#idle.pop() ?? this.#start();
    const answer = await this.#ask(thread, task, advance);
    this.#idle.push(thread);
    if (answer.kind === 'fault') throw new CinzelError(answer.code, answer.parameters);
    const { record: encoded, kind: _kind, ...facts } = answer;
    return { ...decoded(encoded), ...facts, encoded };
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((thread) => thread.terminate()));
  }

  #start(): Worker {
    const thread = new Worker(program, { workerData: this.#settings });
    this.#all.push(thread);
    return thread;
  }

  async #ask(
    thread: Worker,
    task: ThreadTask,
    advance: (compressedBytes: number) => void,
  ): Promise<Exclude<ThreadAnswer, { kind: 'advance' }>> {
    const asked = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        const listen = (answer: ThreadAnswer): void => {
          if (answer.kind === 'advance') advance(answer.done);
          else resolve(answer);
        };
        thread.on('message', listen).on('error', reject);
        asked.signal.addEventListener('abort', () => thread.off('message', listen).off('error', reject));
        this.#signal.addEventListener('abort', () => reject(this.#signal.reason), { signal: asked.signal });
        this.#signal.throwIfAborted();
        thread.postMessage(task);
      });
    } finally {
      asked.abort();
    }
  }
}

function decoded(encoded: Uint8Array): LayerRecord {
  const record = decodeLayerRecord(encoded);
  if (record === undefined) throw new TypeError('a thread gave a layer that cannot be read');
  return record;
}
