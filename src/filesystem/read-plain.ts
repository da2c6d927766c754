import { closeSync, openSync, readSync } from 'node:fs';
import { detectCompression } from '../formats/decompress.ts';
import type { Layer } from '../image/model.ts';
import { readSlice, type Slice, walkTarFile } from '../image/tar-file.ts';
import { LayerBuilder } from './layer-builder.ts';
import { layerContent } from './layer-content.ts';
import { encodeLayerRecord } from './layer-record.ts';
import { LayerDiagnostics, type ReadLayer, type ReadOptions } from './read-layer.ts';
import { readSelected } from './selected-files.ts';

/** Whether the bytes in a file are those of an uncompressed archive. */
export function isPlain(slice: Slice): boolean {
  const start = Buffer.alloc(Math.min(8, slice.size));
  const descriptor = openSync(slice.file, 'r');
  try {
    readSync(descriptor, start, 0, start.length, slice.offset);
  } finally {
    closeSync(descriptor);
  }
  return detectCompression(start) === 'plain';
}

/** Indexes a plain layer in a local file by its headers only, and reads the files that will be asked for. Its hash is another's to check. */
export async function readPlain(
  layer: Layer,
  slice: Slice,
  { context, selector, verify }: ReadOptions,
): Promise<ReadLayer> {
  const diagnostics = new LayerDiagnostics();
  const builder = new LayerBuilder({ limits: context.limits, report: diagnostics.report, layer: layer.index });
  const { marked } = await walkTarFile(
    slice,
    {
      entry: (header, content) => void builder.add(header, content),
      dropped: (name, problem) => builder.drop(name, problem),
    },
    { what: { kind: 'layer', layer: layer.index }, signal: context.signal },
  );
  if (!marked) diagnostics.report({ code: 'layer.missing-end', severity: 'info', parameters: {}, layer: layer.index });
  const index = builder.finish(slice.size);
  const read = (offset: number, length: number): Uint8Array => readSlice(slice, offset, length);
  const kept = readSelected(index, selector, read, { limits: context.limits, layer: layer.index });
  return {
    content: layerContent(index, kept, async (offset, length) => read(offset, length)),
    reading: { size: slice.size, verified: verify ? 'read' : 'no' },
    diagnostics: diagnostics.list,
    encoded: () => encodeLayerRecord({ index, kept, diagnostics: diagnostics.list }),
  };
}
