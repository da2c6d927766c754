import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Context } from '../core/context.ts';
import { compareDiagnostics, type Diagnostic, type Report } from '../core/diagnostics.ts';
import { type Digest, isDigest } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import { inParallel } from '../core/in-parallel.ts';
import { detectCompression } from '../formats/decompress.ts';
import type { Layer } from '../image/model.ts';
import { readSlice, type Slice } from '../image/tar-file.ts';
import type { ContentCache } from '../net/content-cache.ts';
import { verifySlices } from './hash-slice.ts';
import { LayerBuilder } from './layer-builder.ts';
import { type LayerContent, layerContent, type ReadStored } from './layer-content.ts';
import { decodeLayerRecord, encodeLayerRecord, type LayerRecord, layerRecordVersion } from './layer-record.ts';
import { mergedFilesystem } from './merged-filesystem.ts';
import type { Filesystem } from './model.ts';
import { readDirectory } from './read-directory.ts';
import { indexSlice } from './read-slice.ts';
import { type OpenBlob, readStream, readStreamRange } from './read-stream.ts';
import { readSelected } from './selected-files.ts';
import { compileSelector, type Selector } from './selector.ts';

export interface ReadLayersOptions {
  readonly context: Context;
  /** Globs of files whose content will be asked for, and whose changes from layer to layer are remembered. */
  readonly selects: readonly string[];
  /** Whatever else the kept content depends on: the catalogers and their versions. */
  readonly cacheKey: string;
  readonly cache?: ContentCache;
  /** Whether digests and diff IDs are checked. */
  readonly verify: boolean;
}

/** A layer's facts once it was read. */
export interface LayerReading {
  /** Uncompressed bytes. */
  readonly size: number;
  readonly compressedSize?: number;
  readonly verified: 'read' | 'cache' | 'no';
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
 * 3. Any other layer is streamed once, as many at a time as there are cores, hashed as it goes by.
 * 4. What was verified enters the cache.
 */
export async function readLayers(layers: readonly Layer[], options: ReadLayersOptions): Promise<LayersRead> {
  const diagnostics: Diagnostic[] = [];
  const reader = new LayersReader(options, (diagnostic) => void diagnostics.push(diagnostic));
  const contents = await reader.readAll(layers);
  const { context } = options;
  return {
    filesystem: mergedFilesystem(
      contents.map(({ content }) => content),
      { context, selector: reader.selector, report: reader.report },
    ),
    readings: contents.map(({ reading }) => reading),
    diagnostics: () => [...diagnostics].sort(compareDiagnostics),
  };
}

interface ReadLayer {
  readonly content: LayerContent;
  readonly reading: LayerReading;
  readonly diagnostics: readonly Diagnostic[];
  /** What the cache may keep, once verified. */
  readonly record?: LayerRecord;
}

class LayersReader {
  readonly report: Report;
  readonly selector: Selector;
  readonly #options: ReadLayersOptions;

  constructor(options: ReadLayersOptions, report: Report) {
    this.#options = options;
    this.report = report;
    this.selector = compileSelector(options.selects);
  }

  async readAll(layers: readonly Layer[]): Promise<readonly ReadLayer[]> {
    const width = availableParallelism();
    const known = await inParallel(layers, width, (layer) => this.#fromCache(layer));
    const unknown = layers.filter((layer) => known[layer.index] === undefined);
    const verified = this.#verifyPlain(unknown);
    // Its rejection is heard below; until then it would count as nobody's.
    verified.catch(() => {});
    const { progress } = this.#options.context;
    const read = await inParallel(layers, width, async (layer) => {
      const cached = known[layer.index];
      const task = `layer-${layer.index}`;
      const total = layer.compressedSize;
      progress({
        kind: 'start',
        task,
        what: 'layer',
        name: String(layer.index + 1),
        ...(total === undefined ? {} : { total }),
      });
      const result = cached ?? (await this.#read(layer, task));
      progress({ kind: 'end', task, cached: cached !== undefined });
      return result;
    });
    await verified;
    for (const { diagnostics } of read) diagnostics.forEach(this.report);
    await inParallel(unknown, width, (layer) => this.#store(layer, read[layer.index]));
    return read;
  }

  async #read(layer: Layer, task: string): Promise<ReadLayer> {
    const { blob } = layer;
    if (blob === undefined) return this.#foreign(layer);
    if (blob.kind === 'directory') return this.#readDirectory(layer, blob.path);
    return blob.kind === 'slice' && isPlain(blob) ? this.#readPlain(layer, blob) : this.#readStreamed(layer, task);
  }

  #readDirectory(layer: Layer, path: string): ReadLayer {
    const diagnostics = new Diagnostics();
    const { context } = this.#options;
    const content = readDirectory(path, { context, report: diagnostics.report, layer: layer.index });
    return { content, reading: { size: content.index.size, verified: 'no' }, diagnostics: diagnostics.list };
  }

  async #readPlain(layer: Layer, slice: Slice): Promise<ReadLayer> {
    const { context, verify } = this.#options;
    const diagnostics = new Diagnostics();
    const index = await indexSlice(slice, { context, report: diagnostics.report, layer: layer.index });
    const read = (offset: number, length: number): Uint8Array => readSlice(slice, offset, length);
    const kept = readSelected(index, this.selector, read, { limits: context.limits, layer: layer.index });
    return {
      content: layerContent(index, kept, async (offset, length) => read(offset, length)),
      reading: { size: slice.size, verified: verify ? 'read' : 'no' },
      diagnostics: diagnostics.list,
      record: { index, kept, diagnostics: diagnostics.list },
    };
  }

  async #readStreamed(layer: Layer, task: string): Promise<ReadLayer> {
    const { context, verify } = this.#options;
    const open = opener(layer, context.signal);
    const { digest } = layer;
    const diagnostics = new Diagnostics();
    const streamed = await readStream(open, {
      context,
      report: diagnostics.report,
      layer: layer.index,
      selector: this.selector,
      verify,
      advance: (done) => context.progress({ kind: 'advance', task, done }),
      ...(digest === undefined ? {} : { digest }),
    });
    if (verify) {
      checkDigest(`The blob of layer ${layer.index}`, digest, streamed.digest);
      checkDigest(`Layer ${layer.index}`, layer.diffId, streamed.diffId);
    }
    return {
      content: layerContent(streamed.index, streamed.kept, (offset, length) => readStreamRange(open, offset, length)),
      reading: {
        size: streamed.index.size,
        compressedSize: streamed.compressedSize,
        verified: verify ? 'read' : 'no',
      },
      diagnostics: diagnostics.list,
      record: { ...streamed, diagnostics: diagnostics.list },
    };
  }

  #foreign(layer: Layer): ReadLayer {
    const { limits } = this.#options.context;
    const diagnostics = new Diagnostics();
    diagnostics.report({
      code: 'layer.foreign',
      severity: 'warning',
      parameters: { digest: layer.digest ?? layer.diffId ?? '' },
      layer: layer.index,
    });
    const index = new LayerBuilder({ limits, report: diagnostics.report, layer: layer.index }).finish(0);
    const content = layerContent(index, new Map(), async () => new Uint8Array());
    return { content, reading: { size: 0, verified: 'no' }, diagnostics: diagnostics.list };
  }

  async #verifyPlain(layers: readonly Layer[]): Promise<void> {
    if (!this.#options.verify) return;
    const slices = layers.flatMap((layer) => {
      const { blob, diffId } = layer;
      if (blob?.kind !== 'slice' || diffId === undefined || !isPlain(blob)) return [];
      return [{ slice: blob, expected: diffId, what: `Layer ${layer.index}` }];
    });
    await verifySlices(slices, this.#options.context.signal);
  }

  async #fromCache(layer: Layer): Promise<ReadLayer | undefined> {
    const { cache, context } = this.#options;
    if (cache === undefined || layer.diffId === undefined) return undefined;
    const bytes = await cache.get(this.#key(layer.diffId));
    const record = bytes && decodeLayerRecord(bytes);
    if (record === undefined) return undefined;
    const { compressedSize } = layer;
    return {
      content: layerContent(record.index, record.kept, fallbackOf(layer, context.signal)),
      reading: {
        size: record.index.size,
        verified: 'cache',
        ...(compressedSize === undefined ? {} : { compressedSize }),
      },
      // The layer may have another place in this image.
      diagnostics: record.diagnostics.map((diagnostic) => ({ ...diagnostic, layer: layer.index })),
    };
  }

  async #store(layer: Layer, read: ReadLayer | undefined): Promise<void> {
    const { cache, verify } = this.#options;
    if (!verify || cache === undefined || layer.diffId === undefined || read?.record === undefined) return;
    await cache.put(this.#key(layer.diffId), encodeLayerRecord(read.record));
  }

  #key(diffId: Digest): string {
    return `layer/${layerRecordVersion}/${this.#options.cacheKey}/${diffId}`;
  }
}

/** What is wrong with one layer: kept apart, since it goes into the cache with the layer. */
class Diagnostics {
  readonly list: Diagnostic[] = [];
  readonly report: Report = (diagnostic) => void this.list.push(diagnostic);
}

function opener(layer: Layer, signal: AbortSignal): OpenBlob {
  const { blob } = layer;
  if (blob?.kind === 'stream') return () => blob.open(signal);
  if (blob?.kind !== 'slice') throw new CinzelError('environment.not-found', { what: `Layer ${layer.index}` });
  const { file, offset, size } = blob;
  if (size === 0) throw new CinzelError('untrusted.truncated', { what: `Layer ${layer.index}` });
  return () => createReadStream(file, { start: offset, end: offset + size - 1, highWaterMark: 1 << 18, signal });
}

/** Reads what a cached layer did not keep; only then is the layer itself needed. */
function fallbackOf(layer: Layer, signal: AbortSignal): ReadStored {
  return async (offset, length) => {
    const { blob } = layer;
    if (blob?.kind === 'slice' && isPlain(blob)) return readSlice(blob, offset, length);
    return readStreamRange(opener(layer, signal), offset, length);
  };
}

function isPlain(slice: Slice): boolean {
  const start = Buffer.alloc(Math.min(8, slice.size));
  const descriptor = openSync(slice.file, 'r');
  try {
    readSync(descriptor, start, 0, start.length, slice.offset);
  } finally {
    closeSync(descriptor);
  }
  return detectCompression(start) === 'plain';
}

function checkDigest(what: string, expected: Digest | undefined, actual: Digest | undefined): void {
  if (!isDigest(expected) || actual === undefined || expected === actual) return;
  throw new CinzelError('untrusted.digest', { what, expected, actual });
}
