import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Context } from '../../core/context.ts';
import { type Digest, digestAlgorithm } from '../../core/digest.ts';
import { isCinzelError } from '../../core/errors.ts';
import { writeFault, writing } from '../../core/write-fault.ts';
import { withFileLock } from '../../net/file-lock.ts';
import { parseIndex } from '../manifest.ts';
import type { Descriptor } from '../model.ts';
import { blobName, refName } from '../sources/oci-layout.ts';
import type { ImageSink, OpenBlob } from '../transfer.ts';
import { openSlice } from '../transfer-blob.ts';
import { verified } from '../transfer-verify.ts';
import { inspectLayoutPlace, ownPrefix } from './layout-folder.ts';
import { type LayoutEntry, layoutMarker, updateLayoutIndex } from './layout-index.ts';
import { dropOrphanedReferrers } from './layout-referrers.ts';

/**
 * Writes into an OCI layout in a folder (image specification, image-layout.md). Everything is staged in a folder of
 * its own. A layout that is new appears by one rename. One that is there gains the blobs by renames and, under a lock
 * that writers share, a new index.json; until then nothing names the blobs. Throws `usage.destination` when the place
 * is a file, or a folder with other content.
 */
export async function openLayoutSink(path: string, context: Context): Promise<ImageSink> {
  const target = resolve(path);
  const place = await inspectLayoutPlace(target);
  // A layout that is there may be a mount of its own, out of which nothing can be renamed.
  const parent = place === 'absent' ? dirname(target) : target;
  const staging = join(parent, `${ownPrefix}${basename(target)}-${randomBytes(6).toString('hex')}`);
  const entries: LayoutEntry[] = [];
  const staged = new Map<string, Descriptor>();
  const stage = async (descriptor: Descriptor, open: OpenBlob): Promise<void> => {
    await writeBlob(join(staging, blobName(descriptor.digest)), open(context.signal), path);
    staged.set(descriptor.digest, descriptor);
  };
  await writing(path, () => mkdir(parent, { recursive: true }).then(() => mkdir(staging)));
  return {
    holds: 'manifests',
    has: async (descriptor) => staged.has(descriptor.digest) || hasWhole(target, descriptor, context.signal),
    tagged: (tag) => readTagged(target, tag),
    putBlob: stage,
    putManifest: async (bytes, descriptor, role) => {
      if (!staged.has(descriptor.digest)) {
        await stage(descriptor, async function* () {
          yield bytes;
        });
      }
      if (role.kind === 'tagged') entries.push({ descriptor, tag: role.tag });
      if (role.kind === 'referrer') entries.push({ descriptor });
    },
    commit: () =>
      writing(path, async () => {
        context.signal.throwIfAborted();
        if (place === 'absent' && (await becomeLayout(staging, target, entries))) return;
        const { signal, limits } = context;
        await mergeLayout(staging, target, {
          entries,
          blobs: [...staged.values()],
          signal,
          limit: limits.documentBytes,
        });
      }),
    close: () => rm(staging, { recursive: true, force: true }),
  };
}

async function writeBlob(path: string, source: AsyncIterable<Uint8Array>, destination: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'w');
    try {
      await writeFile(file, source);
    } finally {
      await file.close();
    }
  } catch (cause) {
    await rm(path, { force: true });
    throw writeFault(destination, cause);
  }
}

/** Whether the layout has the blob, and it is not damaged. */
async function hasWhole(target: string, descriptor: Descriptor, signal: AbortSignal): Promise<boolean> {
  const file = join(target, blobName(descriptor.digest));
  // One byte more, so that a longer file is seen to be another.
  const bytes = openSlice({ file, offset: 0, size: descriptor.size + 1 })(signal);
  try {
    for await (const _ of verified(bytes, descriptor, file));
    return true;
  } catch (error) {
    if (isCinzelError(error)) return false;
    throw error;
  }
}

async function readTagged(target: string, tag: string): Promise<Uint8Array | undefined> {
  const index = await readFile(join(target, 'index.json')).catch(absent);
  if (index === undefined) return undefined;
  const entry = parseIndex(index, target).find(({ annotations }) => annotations?.[refName] === tag);
  return entry === undefined ? undefined : readFile(join(target, blobName(entry.digest))).catch(absent);
}

/** Makes the staged folder the layout. False when somebody else has made one there meanwhile. */
async function becomeLayout(staging: string, target: string, entries: readonly LayoutEntry[]): Promise<boolean> {
  await writeFile(join(staging, 'oci-layout'), layoutMarker);
  await writeFile(join(staging, 'index.json'), updateLayoutIndex(undefined, entries, target));
  try {
    await rename(staging, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    await inspectLayoutPlace(target);
    return false;
  }
}

/** Milliseconds; each writer needs but a few. */
const lockWait = 60_000;

interface Merge {
  readonly entries: readonly LayoutEntry[];
  readonly blobs: readonly Descriptor[];
  readonly signal: AbortSignal;
  /** Bytes of a manifest. */
  readonly limit: number;
}

async function mergeLayout(staging: string, target: string, { entries, blobs, signal, limit }: Merge): Promise<void> {
  const index = join(target, 'index.json');
  const merge = async (): Promise<void> => {
    const old = await readFile(index).catch(absent);
    const updated = updateLayoutIndex(old, entries, index);
    await writeFile(join(staging, 'oci-layout'), layoutMarker);
    for (const { digest } of blobs) {
      await mkdir(join(target, 'blobs', digestAlgorithm(digest)), { recursive: true });
      await rename(join(staging, blobName(digest)), join(target, blobName(digest)));
    }
    const named = await dropOrphanedReferrers(old, updated, (digest) => readDocument(target, digest, limit));
    await writeFile(join(staging, 'index.json'), named);
    if (old === undefined) await rename(join(staging, 'oci-layout'), join(target, 'oci-layout'));
    await rename(join(staging, 'index.json'), index);
  };
  await withFileLock(join(target, `${ownPrefix}lock`), merge, { wait: lockWait, signal });
}

/** A blob that may be a manifest; one that is too large for that is none. */
async function readDocument(target: string, digest: Digest, limit: number): Promise<Uint8Array | undefined> {
  const path = join(target, blobName(digest));
  const found = await stat(path).catch(absent);
  return found === undefined || found.size > limit ? undefined : readFile(path);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
