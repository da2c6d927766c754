import type { Context } from '../core/context.ts';
import type { Report } from '../core/diagnostics.ts';
import type { Digest } from '../core/digest.ts';
import { inParallel } from '../core/in-parallel.ts';
import { companionTags } from './companion-tags.ts';
import { isForeign, isIndexType, parseIndex, parseManifest } from './manifest.ts';
import type { Descriptor } from './model.ts';
import { nestingLimit } from './sources/oci-layout.ts';
import type { ImageSink, ImageStore, ManifestPlace } from './transfer.ts';
import { lacking, readDocument, tooDeep } from './transfer-choose.ts';
import type { Document } from './transfer-manifest.ts';
import { verified } from './transfer-verify.ts';

/** One copying: from where, to where, and what has been done. */
export interface Transfer {
  readonly store: ImageStore;
  readonly sink: ImageSink;
  readonly context: Context;
  readonly report: Report;
  /** The manifests that were copied. */
  readonly done: Set<Digest>;
}

/** Blobs under way at once: enough to hide a registry's answers, few enough for a disk. */
const width = 3;

/**
 * Copies a manifest or an index, what it names first, so that nothing at the destination is ever incomplete. Every
 * byte is checked against its descriptor on the way. Throws `untrusted.*` where it does not fit.
 */
export async function copyDocument(
  transfer: Transfer,
  { bytes, descriptor }: Document,
  place: ManifestPlace,
  depth = 0,
): Promise<void> {
  const { store, sink, done } = transfer;
  if (depth >= nestingLimit) throw tooDeep(store);
  if (isIndexType(descriptor.mediaType)) {
    for (const part of parseIndex(bytes, store.name)) {
      if (!done.has(part.digest)) {
        await copyDocument(transfer, await readDocument(store, part), { kind: 'part' }, depth + 1);
      }
    }
  } else {
    const { config, layers } = parseManifest(bytes, store.name);
    await copyBlobs(transfer, [config, ...layers]);
  }
  await sink.putManifest(bytes, descriptor, place);
  done.add(descriptor.digest);
}

/** Copies what refers to the manifests that were copied, by subject or by tag, and what refers to that. */
export async function copyReferrers(transfer: Transfer): Promise<void> {
  const { store, done } = transfer;
  // What is added to a set while it is walked is walked too.
  for (const subject of done) {
    for (const tag of companionTags(subject)) {
      const companion = await store.tagged(tag);
      if (companion !== undefined) {
        await copyDocument(transfer, await readDocument(store, companion), { kind: 'tagged', tag });
      }
    }
    for (const referrer of await store.referrers(subject)) {
      if (done.has(referrer.digest)) continue;
      await copyDocument(transfer, await readDocument(store, referrer), { kind: 'referrer', subject });
    }
  }
}

/** Copies each blob once. When one fails the others are stopped, and waited for before the fault is thrown. */
async function copyBlobs(transfer: Transfer, descriptors: readonly Descriptor[]): Promise<void> {
  const blobs = [...new Map(descriptors.map((blob) => [blob.digest, blob])).values()];
  const stop = new AbortController();
  const faults: unknown[] = [];
  await inParallel(blobs, width, async (blob) => {
    if (faults.length > 0) return;
    try {
      await copyBlob(transfer, blob, stop.signal);
    } catch (fault) {
      faults.push(fault);
      stop.abort();
    }
  });
  if (faults.length > 0) throw faults[0];
}

async function copyBlob(
  { store, sink, context, report }: Transfer,
  blob: Descriptor,
  stop: AbortSignal,
): Promise<void> {
  context.signal.throwIfAborted();
  const { digest } = blob;
  if (isForeign(blob)) {
    report({ code: 'layer.foreign', severity: 'warning', parameters: { digest } });
    return;
  }
  if (await sink.has(blob)) return;
  const open = store.blob(blob);
  if (open === undefined) throw lacking(store, blob);
  await sink.putBlob(blob, (given) => {
    const signal = AbortSignal.any([given, stop]);
    return announced(verified(open(signal), blob, `${store.name}: ${digest}`), blob, { ...context, signal });
  });
}

/** Tells how far a blob has come, and stops it when it shall. */
async function* announced(
  source: AsyncIterable<Uint8Array>,
  { digest, size }: Descriptor,
  { progress, signal }: Context,
): AsyncGenerator<Uint8Array> {
  const task = `copy ${digest}`;
  let done = 0;
  progress({ kind: 'start', task, what: 'copy', name: digest.slice(0, 19), total: size });
  try {
    for await (const chunk of source) {
      signal.throwIfAborted();
      done += chunk.length;
      progress({ kind: 'advance', task, done });
      yield chunk;
    }
  } finally {
    progress({ kind: 'end', task });
  }
}
