import { availableParallelism } from 'node:os';
import type { Context } from '../core/context.ts';
import { compareDiagnostics, type Diagnostic } from '../core/diagnostics.ts';
import { CinzelError } from '../core/errors.ts';
import { inParallel } from '../core/in-parallel.ts';
import type { Layer, PackedLayers } from '../image/model.ts';
import { readSlice } from '../image/tar-file.ts';
import type { ContentCache } from '../net/content-cache.ts';
import { verifySlices } from './hash-slice.ts';
import { LayerBuilder } from './layer-builder.ts';
import { layerContent, type ReadStored } from './layer-content.ts';
import { decodeLayerRecord, encodeLayerRecord, layerRecordVersion } from './layer-record.ts';
import type { LayerSpool } from './layer-spool.ts';
import { LayerThreads } from './layer-threads.ts';
import { mergedFilesystem } from './merged-filesystem.ts';
import type { Filesystem } from './model.ts';
import { readDirectory } from './read-directory.ts';
import { checkDigests, LayerDiagnostics, type LayerReading, type ReadLayer, type ReadOptions } from './read-layer.ts';
import { openPacked, type PackedLayer, readPackedLayers } from './read-packed.ts';
import { isPlain, readPlain } from './read-plain.ts';
import { type OpenBlob, readStream, readStreamRange, type StreamedLayer } from './read-stream.ts';
import { compileSelector } from './selector.ts';
import { openSlice } from './slice-stream.ts';

export interface ReadLayersOptions {
  readonly context: Context;
  /** Globs of files whose content will be asked for, and whose changes from layer to layer are remembered. */
  readonly selects: readonly string[];
  /** Whatever else the kept content depends on: the catalogers and their versions. */
  readonly cacheKey: string;
  readonly cache?: ContentCache;
  readonly verify: boolean;
  /** Where content is read from that was not selected, when much of it will be asked for. */
  readonly spool?: LayerSpool;
}

export interface LayersRead {
  readonly filesystem: Filesystem;
  readonly readings: readonly LayerReading[];
  /** What is known so far; merging, which happens when the filesystem is first used, may add to it. */
  readonly diagnostics: () => readonly Diagnostic[];
}

/**
 * Reads the layers of an image and merges them.
 *
 * 1. A layer that the cache knows by its diff ID is not read again.
 * 2. A plain layer in a local file is indexed by offset, and other cores check its hash meanwhile.
 * 3. Any other layer is streamed once, as many at a time as there are cores, each by a thread of its own when it is in
 *    a local file, and hashed as it goes by; layers of an archive that has no offsets are streamed in one pass over it.
 * 4. What was verified enters the cache.
 */
export async function readLayers(layers: readonly Layer[], options: ReadLayersOptions): Promise<LayersRead> {
  const { context, cache, verify } = options;
  const selector = compileSelector(options.selects);
  const width = availableParallelism();
  const keyOf = (layer: Layer): string => `layer/${layerRecordVersion}/${options.cacheKey}/${layer.diffId}`;

  const known = await inParallel(layers, width, (layer) => fromCache(layer, keyOf(layer), options));
  const unknown = layers.filter((layer) => known[layer.index] === undefined);
  const verified = verify ? verifyPlain(unknown, context.signal) : Promise.resolve();
  // Its rejection is heard below; until then it would count as nobody's.
  verified.catch(() => {});
  const threads = new LayerThreads({ selects: options.selects, limits: context.limits, verify }, context.signal);
  const reader = new LayerReader({ context, selector, verify }, unknown, threads, options.spool);
  const read = await closing(threads, async () =>
    inParallel(layers, width, async (layer) => known[layer.index] ?? reader.read(layer)),
  );
  await verified;
  if (verify && cache !== undefined) {
    await inParallel(unknown, width, async (layer) => {
      const encoded = read[layer.index]?.encoded;
      if (encoded !== undefined && layer.diffId !== undefined) await cache.put(keyOf(layer), encoded());
    });
  }

  const diagnostics = read.flatMap((layer) => layer.diagnostics);
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  return {
    filesystem: mergedFilesystem(
      read.map(({ content }) => content),
      { context, selector, report },
    ),
    readings: read.map(({ reading }) => reading),
    diagnostics: () => [...diagnostics].sort(compareDiagnostics),
  };
}

async function closing<Result>(threads: LayerThreads, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await threads.close();
  }
}

/** Reads layers that the cache does not know, each by the way that its blob allows. */
class LayerReader {
  readonly #options: ReadOptions;
  readonly #layers: readonly Layer[];
  readonly #threads: LayerThreads;
  readonly #spool: LayerSpool | undefined;
  readonly #passes = new Map<PackedLayers, Promise<ReadonlyMap<number, PackedLayer>>>();

  constructor(options: ReadOptions, layers: readonly Layer[], threads: LayerThreads, spool: LayerSpool | undefined) {
    this.#options = options;
    this.#layers = layers;
    this.#threads = threads;
    this.#spool = spool;
  }

  async read(layer: Layer): Promise<ReadLayer> {
    const { progress } = this.#options.context;
    const task = `layer-${layer.index}`;
    const total = layer.compressedSize;
    progress({
      kind: 'start',
      task,
      what: 'layer',
      name: String(layer.index + 1),
      ...(total === undefined ? {} : { total }),
    });
    const result = await this.#dispatch(layer, task);
    progress({ kind: 'end', task });
    return result;
  }

  async #dispatch(layer: Layer, task: string): Promise<ReadLayer> {
    const { blob } = layer;
    if (blob === undefined) return foreign(layer, this.#options);
    if (blob.kind === 'directory') return readDirectory(blob.path, layer.index, this.#options);
    if (blob.kind === 'packed') return this.#readPacked(layer, blob.archive);
    if (blob.kind === 'slice' && isPlain(blob)) return readPlain(layer, blob, this.#options);
    const open = opener(layer, this.#options.context.signal);
    const { digest } = layer;
    const which = { layer: layer.index, ...(digest === undefined ? {} : { digest }) };
    const advance = (done: number): void => this.#options.context.progress({ kind: 'advance', task, done });
    if (blob.kind === 'slice' && this.#areThreadsWorth()) {
      const { file, offset, size } = blob;
      const threaded = await this.#threads.read({ slice: { file, offset, size }, ...which }, advance);
      return { ...this.#finish(layer, threaded, open), encoded: () => threaded.encoded };
    }
    return this.#finish(layer, await readStream(open, { ...this.#options, ...which, advance }), open);
  }

  async #readPacked(layer: Layer, archive: PackedLayers): Promise<ReadLayer> {
    const { signal } = this.#options.context;
    const group = this.#layers.filter(({ blob }) => blob?.kind === 'packed' && blob.archive === archive);
    const pass = this.#passes.get(archive) ?? readPackedLayers(archive, group, this.#options);
    this.#passes.set(archive, pass);
    const packed = (await pass).get(layer.index);
    if (packed === undefined)
      throw new CinzelError('untrusted.truncated', { what: { kind: 'layer', layer: layer.index } });
    return this.#finish(layer, packed, openPacked(archive, packed.name, signal));
  }

  /** Threads pay for all such layers together, or for none. */
  #areThreadsWorth(): boolean {
    const slices = this.#layers.flatMap(({ blob }) => (blob?.kind === 'slice' && !isPlain(blob) ? [blob.size] : []));
    return LayerThreads.isWorth(slices.reduce((sum, size) => sum + size, 0));
  }

  #finish(layer: Layer, streamed: StreamedLayer, open: OpenBlob): ReadLayer {
    const { verify } = this.#options;
    if (verify) checkDigests(layer, streamed);
    const { index, kept, compressedSize } = streamed;
    const diagnostics = streamed.diagnostics.map((diagnostic) => ({ ...diagnostic, layer: layer.index }));
    return {
      content: layerContent(index, kept, storedReader(layer, open, this.#spool)),
      reading: { size: index.size, compressedSize, verified: verify ? 'read' : 'no' },
      diagnostics,
      encoded: () => encodeLayerRecord({ index, kept, diagnostics }),
    };
  }
}

function foreign(layer: Layer, { context }: ReadOptions): ReadLayer {
  const { list, report } = new LayerDiagnostics();
  const digest = layer.digest ?? layer.diffId ?? '';
  report({ code: 'layer.foreign', severity: 'warning', parameters: { digest }, layer: layer.index });
  const index = new LayerBuilder({ limits: context.limits, report, layer: layer.index }).finish(0);
  const content = layerContent(index, new Map(), async () => new Uint8Array());
  return { content, reading: { size: 0, verified: 'no' }, diagnostics: list };
}

async function verifyPlain(layers: readonly Layer[], signal: AbortSignal): Promise<void> {
  const slices = layers.flatMap(({ blob, diffId, index }) => {
    if (blob?.kind !== 'slice' || diffId === undefined || !isPlain(blob)) return [];
    return [{ slice: blob, expected: diffId, what: { kind: 'layer', layer: index } as const }];
  });
  await verifySlices(slices, signal);
}

async function fromCache(
  layer: Layer,
  key: string,
  { cache, context, spool }: ReadLayersOptions,
): Promise<ReadLayer | undefined> {
  const bytes = layer.diffId === undefined ? undefined : await cache?.get(key);
  const record = bytes && decodeLayerRecord(bytes);
  if (record === undefined) return undefined;
  const { index, kept } = record;
  const { compressedSize } = layer;
  return {
    content: layerContent(index, kept, fallbackOf(layer, spool, context.signal)),
    reading: { size: index.size, verified: 'cache', ...(compressedSize === undefined ? {} : { compressedSize }) },
    // The layer may have another place in this image.
    diagnostics: record.diagnostics.map((diagnostic) => ({ ...diagnostic, layer: layer.index })),
  };
}

/** Reads what a cached layer did not keep; only then is the layer itself needed. */
function fallbackOf(layer: Layer, spool: LayerSpool | undefined, signal: AbortSignal): ReadStored {
  const { blob } = layer;
  if (blob?.kind === 'slice') {
    let plain: boolean | undefined;
    return async (offset, length) => {
      plain ??= isPlain(blob);
      return plain
        ? readSlice(blob, offset, length)
        : storedReader(layer, opener(layer, signal), spool)(offset, length);
    };
  }
  return (offset, length) => storedReader(layer, () => opener(layer, signal)(), spool)(offset, length);
}

/** Reads from the spool where there is one that can hold the layer, else streams the layer up to there. */
function storedReader(layer: Layer, open: OpenBlob, spool: LayerSpool | undefined): ReadStored {
  return async (offset, length) =>
    (await spool?.read(layer, open, offset, length)) ?? readStreamRange(open, offset, length);
}

function opener({ blob, index }: Layer, signal: AbortSignal): OpenBlob {
  if (blob?.kind === 'stream') return () => blob.open(signal);
  if (blob?.kind === 'packed' && blob.name !== undefined) return openPacked(blob.archive, blob.name, signal);
  if (blob?.kind !== 'slice') throw new CinzelError('environment.not-found', { what: { kind: 'layer', layer: index } });
  return openSlice(blob, signal);
}
