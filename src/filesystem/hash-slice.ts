import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Digest, digestAlgorithm } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';
import type { Slice } from '../image/tar-file.ts';

/** Below this a thread costs more than it saves. */
const threadWorth = 16 * 1024 ** 2;

/**
 * A thread's program, as text: it needs nothing but Node, and so runs the same from source, from tests and from a
 * bundle. It hashes each slice that it is sent and answers with the hexadecimal digest.
 */
const program = `
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { openSync, readSync, closeSync } = require('node:fs');
const buffer = Buffer.allocUnsafe(1 << 20);
parentPort.on('message', ({ file, offset, size, algorithm }) => {
  const hash = createHash(algorithm);
  const descriptor = openSync(file, 'r');
  let done = 0;
  while (done < size) {
    const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - done), offset + done);
    if (count === 0) break;
    hash.update(buffer.subarray(0, count));
    done += count;
  }
  closeSync(descriptor);
  parentPort.postMessage(hash.digest('hex'));
});
`;

/**
 * Checks slices of files against their digests, on other cores while the caller reads on. Throws `untrusted.digest`
 * for one that does not fit.
 */
export async function verifySlices(
  slices: readonly { readonly slice: Slice; readonly expected: Digest; readonly what: Subject }[],
  signal: AbortSignal,
): Promise<void> {
  const total = slices.reduce((sum, { slice }) => sum + slice.size, 0);
  const pending = [...slices].sort((a, b) => b.slice.size - a.slice.size);
  const threads = total < threadWorth ? 0 : Math.min(availableParallelism(), slices.length);
  const hashers = threads === 0 ? [inThisThread] : Array.from({ length: threads }, () => onThread);
  await Promise.all(
    hashers.map(async (makeHasher) => {
      const hasher = makeHasher();
      try {
        for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
          signal.throwIfAborted();
          const algorithm = digestAlgorithm(next.expected);
          const actual = `${algorithm}:${await hasher.hash(next.slice, algorithm)}`;
          if (actual !== next.expected) {
            pending.length = 0;
            throw new CinzelError('untrusted.digest', { what: next.what, expected: next.expected, actual });
          }
        }
      } finally {
        await hasher.close();
      }
    }),
  );
}

interface Hasher {
  hash(slice: Slice, algorithm: string): Promise<string>;
  close(): Promise<unknown>;
}

function onThread(): Hasher {
  const worker = new Worker(program, { eval: true });
  return {
    hash: (slice, algorithm) =>
      new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage({ ...slice, algorithm });
      }),
    close: () => worker.terminate(),
  };
}

function inThisThread(): Hasher {
  return { hash: hashHere, close: async () => {} };
}

async function hashHere(slice: Slice, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  const file = await open(slice.file);
  try {
    const buffer = Buffer.allocUnsafe(1024 ** 2);
    let done = 0;
    while (done < slice.size) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, slice.size - done), slice.offset + done);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
