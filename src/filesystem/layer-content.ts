import { type LayerIndex, storedSize } from './layer-index.ts';

/** A layer that has been read: its index, and a way to the content of its files. */
export interface LayerContent {
  readonly index: LayerIndex;
  /** The whole content of the file with this number, which must not be a link. Throws when it cannot be read. */
  read(entry: number): Promise<Uint8Array>;
}

/** Reads stored bytes by their offset in the uncompressed layer. */
export type ReadStored = (offset: number, length: number) => Promise<Uint8Array>;

/** Content from what was kept while the layer was read, and from the layer itself for anything else. */
export function layerContent(
  index: LayerIndex,
  kept: ReadonlyMap<number, Uint8Array>,
  readStored: ReadStored,
): LayerContent {
  return {
    index,
    read: async (entry) => {
      const stored = kept.get(entry) ?? (await readStored(index.offsets[entry] ?? 0, storedSize(index, entry)));
      return withHoles(index, entry, stored);
    },
  };
}

/** The stored bytes of a sparse file are runs between holes. */
function withHoles(index: LayerIndex, entry: number, stored: Uint8Array): Uint8Array {
  const runs = index.extras.get(entry)?.sparse;
  if (runs === undefined) return stored;
  const whole = new Uint8Array(index.sizes[entry] ?? 0);
  let from = 0;
  for (const { at, length } of runs) {
    whole.set(stored.subarray(from, from + length), at);
    from += length;
  }
  return whole;
}
