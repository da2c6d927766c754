import type { Context } from '../core/context.ts';
import type { Report } from '../core/diagnostics.ts';
import { type Slice, walkTarFile } from '../image/tar-file.ts';
import { LayerBuilder } from './layer-builder.ts';
import type { LayerIndex } from './layer-index.ts';

export interface ReadLayerOptions {
  readonly context: Context;
  readonly report: Report;
  /** 0-based index of the layer. */
  readonly layer: number;
}

/** Indexes a plain layer by reading its headers only. */
export async function indexSlice(slice: Slice, options: ReadLayerOptions): Promise<LayerIndex> {
  const { context, report, layer } = options;
  const builder = new LayerBuilder({ limits: context.limits, report, layer });
  const { marked } = await walkTarFile(
    slice,
    {
      entry: (header, content) => void builder.add(header, content),
      dropped: (name, problem) => builder.drop(name, problem),
    },
    { what: `Layer ${layer}`, signal: context.signal },
  );
  if (!marked) report({ code: 'layer.missing-end', severity: 'info', parameters: {}, layer });
  return builder.finish(slice.size);
}
