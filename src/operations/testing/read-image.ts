import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { tarEntryStreams } from '../../formats/tar/entries.ts';
import type { TarHeader } from '../../formats/tar/model.ts';
import { openReference } from '../open-image.ts';
import type { Toolbox } from '../toolbox.ts';

export interface ReadEntry extends TarHeader {
  readonly content: Buffer;
}

/** An image of a layout, read entry by entry; without whiteouts. */
export interface ReadImage {
  readonly diffIds: readonly string[];
  /** By name, as each layer has them. */
  readonly layers: readonly ReadonlyMap<string, ReadEntry>[];
  /** By name, as the last layer that has them leaves them. */
  readonly entries: ReadonlyMap<string, ReadEntry>;
  readonly config: Record<string, unknown>;
}

/** Throws for a layer that has a path twice, which the Docker engine refuses. */
export async function readImage(reference: string, toolbox: Toolbox): Promise<ReadImage> {
  const opened = await openReference(reference, toolbox, {});
  if (opened.kind !== 'image') throw new Error('no image');
  const { image } = opened;
  try {
    const layers: Map<string, ReadEntry>[] = [];
    for (const { blob } of image.layers) {
      if (blob?.kind !== 'slice') throw new Error('no slice');
      const stored = readFileSync(blob.file).subarray(blob.offset, blob.offset + blob.size);
      layers.push(await readLayer(stored[0] === 0x1f ? gunzipSync(stored) : stored));
    }
    return {
      layers,
      diffIds: image.layers.map(({ diffId }) => String(diffId)),
      entries: new Map(layers.flatMap((layer) => [...layer])),
      config: JSON.parse(Buffer.from(image.rawConfig ?? []).toString()) as Record<string, unknown>,
    };
  } finally {
    await image.close();
  }
}

async function readLayer(plain: Uint8Array): Promise<Map<string, ReadEntry>> {
  const entries = new Map<string, ReadEntry>();
  for await (const { header, content } of tarEntryStreams(once(plain))) {
    if (entries.has(header.name)) throw new Error(`${header.name} is in the layer twice.`);
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part);
    entries.set(header.name, { ...header, content: Buffer.concat(parts) });
  }
  return entries;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
