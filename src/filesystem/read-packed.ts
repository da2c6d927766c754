import { normalizePath } from '../core/path.ts';
import { detectCompression } from '../formats/decompress.ts';
import { type TarEntryStream, tarEntryStreams } from '../formats/tar/entries.ts';
import type { Layer, PackedLayers } from '../image/model.ts';
import type { ReadOptions } from './read-layer.ts';
import { type OpenBlob, readStream, type StreamedLayer } from './read-stream.ts';

export interface PackedLayer extends StreamedLayer {
  /** Path of the layer's file in the archive. */
  readonly name: string;
}

/** Shorter than this, a file of an archive is no layer: even an empty one has its two end blocks. */
const shortest = 1024;

/**
 * Reads layers of an archive that can only be read front to back, all in one pass. A layer is told by the name of its
 * file, or where the source cannot say that, by its diff ID once it has been read. Gives them by index.
 */
export async function readPackedLayers(
  archive: PackedLayers,
  layers: readonly Layer[],
  options: ReadOptions,
): Promise<ReadonlyMap<number, PackedLayer>> {
  const found = new Map<number, PackedLayer>();
  for await (const entry of tarEntryStreams(archive.open(options.context.signal))) {
    const name = normalizePath(`/${entry.header.name}`);
    if (entry.header.type !== 'file' || name === undefined) continue;
    const [layer, ...others] = layers.filter(({ blob }) => blob?.kind === 'packed' && blob.name === name);
    if (layer !== undefined) {
      const { digest } = layer;
      const own = { ...options, layer: layer.index, ...(digest === undefined ? {} : { digest }) };
      const streamed = await readStream(() => entry.content, own);
      for (const { index } of [layer, ...others]) found.set(index, { ...streamed, name });
    } else await findUnnamed(entry, name, layers, options, found);
    if (layers.every(({ index }) => found.has(index))) break;
  }
  return found;
}

async function findUnnamed(
  entry: TarEntryStream,
  name: string,
  layers: readonly Layer[],
  options: ReadOptions,
  found: Map<number, PackedLayer>,
): Promise<void> {
  const unnamed = layers.filter(({ blob }) => blob?.kind === 'packed' && blob.name === undefined);
  const content = unnamed.length === 0 ? undefined : await ifLayer(entry);
  if (content === undefined) return;
  const streamed = await readStream(() => content, { ...options, layer: 0, verify: true });
  for (const { index } of unnamed.filter(({ diffId }) => diffId === streamed.diffId))
    found.set(index, { ...streamed, name });
}

/** Opens one file of such an archive again. */
export function openPacked(archive: PackedLayers, name: string, signal: AbortSignal): OpenBlob {
  return async function* () {
    for await (const entry of tarEntryStreams(archive.open(signal))) {
      if (normalizePath(`/${entry.header.name}`) !== name) continue;
      yield* entry.content;
      return;
    }
  };
}

/** The entry's content if it looks like a layer's archive, plain or compressed. */
async function ifLayer({ header, content }: TarEntryStream): Promise<AsyncIterable<Uint8Array> | undefined> {
  if (header.size < shortest) return undefined;
  const iterator = content[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  while (length < shortest) {
    const next = await iterator.next();
    if (next.done === true) break;
    read.push(next.value);
    length += next.value.length;
  }
  const start = Buffer.concat(read);
  const isTar =
    start.toString('latin1', 257, 262) === 'ustar' || start.subarray(0, shortest).every((byte) => byte === 0);
  if (!isTar && detectCompression(start) === 'plain') return undefined;
  return (async function* () {
    yield start;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  })();
}
