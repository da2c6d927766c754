import type { FileHandle } from 'node:fs/promises';
import type { Context } from '../core/context.ts';
import { CinzelError } from '../core/errors.ts';
import { bounded } from '../formats/bounded.ts';
import { decompress } from '../formats/decompress.ts';
import { tarEntryStreams } from '../formats/tar/entries.ts';
import type { Layer, PackedLayers } from '../image/model.ts';
import type { ContentCache } from '../net/content-cache.ts';
import type { OpenBlob } from './read-stream.ts';

/** Bytes of compressed layers by offset. Each is decompressed once into a file of the cache when it is first asked for. */
export interface LayerSpool {
  /** Throws `untrusted.digest`, `untrusted.truncated` and `untrusted.limit`; undefined when the cache cannot hold it. */
  read(layer: Layer, open: OpenBlob, offset: number, length: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

export function openLayerSpool(layers: readonly Layer[], cache: ContentCache, context: Context): LayerSpool {
  const files = new Map<number, Promise<FileHandle | undefined>>();
  const passes = new Map<PackedLayers, Promise<void>>();
  const spoolOne = async (layer: Layer, open: OpenBlob): Promise<FileHandle | undefined> => {
    const sha256 = sha256Of(layer);
    if (sha256 === undefined) return undefined;
    const key = keyOf(sha256);
    const known = await cache.openStream(key, sha256);
    if (known !== undefined) return known;
    if (layer.blob?.kind === 'packed') {
      const { archive } = layer.blob;
      const pass = passes.get(archive) ?? spoolPacked(archive, layers, cache, context);
      passes.set(archive, pass);
      await pass;
    } else await cache.putStream(plain(open(), layer, context), (found) => (found === sha256 ? key : undefined));
    return cache.openStream(key, sha256);
  };
  return {
    read: async (layer, open, offset, length) => {
      const pending = files.get(layer.index) ?? spoolOne(layer, open);
      files.set(layer.index, pending);
      const file = await pending;
      return file && readRange(file, layer, offset, length);
    },
    close: async () => {
      for (const pending of files.values()) await (await pending.catch(() => undefined))?.close();
    },
  };
}

/** Shorter than this, a file of an archive is no layer. */
const shortest = 1024;

/** One pass over an archive without offsets, for all layers that it holds; they are told by their diff IDs. */
async function spoolPacked(
  archive: PackedLayers,
  layers: readonly Layer[],
  cache: ContentCache,
  context: Context,
): Promise<void> {
  const wanted = layers.filter(({ blob }) => blob?.kind === 'packed' && blob.archive === archive);
  const known = new Set(wanted.map(sha256Of));
  for await (const { header, content } of tarEntryStreams(archive.open(context.signal))) {
    const [layer] = wanted;
    if (header.type !== 'file' || header.size < shortest || layer === undefined) continue;
    await cache.putStream(plain(content, layer, context), (sha256) => (known.has(sha256) ? keyOf(sha256) : undefined));
  }
}

function plain(source: AsyncIterable<Uint8Array>, { index }: Layer, { limits }: Context): AsyncIterable<Uint8Array> {
  return bounded(source, (bytes) => decompress(bytes, 'detect'), {
    maxBytes: limits.layerBytes,
    ratio: limits.ratio,
    ratioFloor: limits.ratioFloor,
    what: { kind: 'layer', layer: index },
  });
}

async function readRange(file: FileHandle, { index }: Layer, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new CinzelError('untrusted.truncated', { what: { kind: 'layer', layer: index } });
    done += bytesRead;
  }
  return bytes;
}

function keyOf(sha256: string): string {
  return `spool/${sha256}`;
}

function sha256Of({ diffId }: Layer): string | undefined {
  return diffId?.startsWith('sha256:') === true ? diffId.slice(7) : undefined;
}
