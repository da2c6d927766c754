import { createHash, type Hash } from 'node:crypto';
import { type Digest, hashFor } from '../core/digest.ts';
import { CinzelError, faultOf } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { decompress } from '../formats/decompress.ts';
import { type TarEnd, TarStream } from '../formats/tar/stream.ts';
import { LayerBuilder } from './layer-builder.ts';
import type { LayerRecord } from './layer-record.ts';
import { LayerDiagnostics, type ReadOptions } from './read-layer.ts';
import { checkSelected, isKept } from './selected-files.ts';

/** Opens the layer's bytes as stored; called again when a file is wanted that was not kept. */
export type OpenBlob = () => AsyncIterable<Uint8Array>;

export interface StreamedLayer extends LayerRecord {
  readonly compressedSize: number;
  /** What the bytes that went by hash to, when that was asked for. */
  readonly digest?: Digest;
  readonly diffId?: Digest;
}

export interface StreamOptions extends ReadOptions {
  /** 0-based index of the layer, as far as it is known. */
  readonly layer: number;
  /** The digest that the stored bytes should have; they are hashed with its algorithm. */
  readonly digest?: Digest;
  readonly advance?: (compressedBytes: number) => void;
}

/** Reads a layer once from front to back, and keeps the files that somebody will ask for. */
export async function readStream(open: OpenBlob, options: StreamOptions): Promise<StreamedLayer> {
  const { limits, signal } = options.context;
  const diagnostics = new LayerDiagnostics();
  const builder = new LayerBuilder({ limits, report: diagnostics.report, layer: options.layer });
  const kept = new Map<number, Uint8Array>();
  let keptBytes = 0;
  const tar = new TarStream({
    entry: (header, content) => {
      const entry = builder.add(header, content);
      if (entry === undefined || header.type !== 'file' || !isKept(header.size, limits)) return undefined;
      if (!options.selector(builder.pathOf(entry))) return undefined;
      keptBytes = checkSelected(keptBytes + content.stored, limits, options.layer);
      const parts: Buffer[] = [];
      return {
        write: (bytes) => parts.push(Buffer.from(bytes)),
        end: () => kept.set(entry, Buffer.concat(parts)),
      };
    },
    dropped: (name, problem) => builder.drop(name, problem),
  });
  const compressed = new CountedHash(options.verify ? hashFor(options.digest ?? 'sha256:') : undefined);
  const plain = new CountedHash(options.verify ? createHash('sha256') : undefined);
  const source = compressed.tap(open(), options.advance);
  const read = async (): Promise<TarEnd> => {
    for await (const chunk of decompress(source, 'detect')) {
      signal.throwIfAborted();
      plain.update(chunk);
      checkSize(plain.bytes, compressed.bytes, limits, options.layer);
      tar.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    return tar.end();
  };
  const end = await read().catch((error: unknown) =>
    Promise.reject(faultOf({ kind: 'layer', layer: options.layer }, error)),
  );
  if (!end.marked)
    diagnostics.report({ code: 'layer.missing-end', severity: 'info', parameters: {}, layer: options.layer });
  if (end.trailing)
    diagnostics.report({ code: 'layer.trailing-data', severity: 'info', parameters: {}, layer: options.layer });
  const algorithm = options.digest?.startsWith('sha512') ? 'sha512' : 'sha256';
  const digest = compressed.finish(algorithm);
  const diffId = plain.finish('sha256');
  return {
    index: builder.finish(plain.bytes),
    kept,
    diagnostics: diagnostics.list,
    compressedSize: compressed.bytes,
    ...(digest === undefined ? {} : { digest }),
    ...(diffId === undefined ? {} : { diffId }),
  };
}

/** Bytes of a layer by their offset in it, by streaming it once more up to there. Throws `untrusted.truncated`. */
export async function readStreamRange(open: OpenBlob, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  let at = 0;
  if (length === 0) return bytes;
  for await (const chunk of decompress(open(), 'detect')) {
    const start = Math.max(0, offset - at);
    if (start < chunk.length)
      bytes.set(chunk.subarray(start, start + offset + length - Math.max(at, offset)), Math.max(0, at - offset));
    at += chunk.length;
    if (at >= offset + length) return bytes;
  }
  throw new CinzelError('untrusted.truncated', { what: { kind: 'compressed-data' } });
}

function checkSize(plain: number, compressed: number, limits: Limits, layer: number): void {
  const what = { kind: 'layer', layer } as const;
  if (plain > limits.layerBytes)
    throw new CinzelError('untrusted.limit', { limit: 'layerBytes', value: limits.layerBytes, what });
  if (plain > limits.ratioFloor && plain > compressed * limits.ratio) {
    throw new CinzelError('untrusted.limit', { limit: 'ratio', value: limits.ratio, what });
  }
}

/** Counts bytes that go by, and hashes them when there is a hash. */
class CountedHash {
  bytes = 0;
  readonly #hash: Hash | undefined;

  constructor(hash: Hash | undefined) {
    this.#hash = hash;
  }

  update(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.#hash?.update(chunk);
  }

  async *tap(
    source: AsyncIterable<Uint8Array>,
    advance: ((bytes: number) => void) | undefined,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.update(chunk);
      advance?.(this.bytes);
      yield chunk;
    }
  }

  finish(algorithm: 'sha256' | 'sha512'): Digest | undefined {
    return this.#hash === undefined ? undefined : (`${algorithm}:${this.#hash.digest('hex')}` as Digest);
  }
}
