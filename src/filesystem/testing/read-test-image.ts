import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, createContext } from '../../core/context.ts';
import { openLocalImage } from '../../image/open.ts';
import { makeLayout, type TestImage } from '../../image/testing/make-layout.ts';
import { type LayersRead, type ReadLayersOptions, readLayers } from '../read-layers.ts';

/** Writes an OCI layout with the image and reads its layers; the folder is the caller's to remove. */
export async function readTestImage(
  image: TestImage,
  options: Partial<ReadLayersOptions> = {},
  folder = mkdtempSync(join(tmpdir(), 'cinzel-image-')),
): Promise<LayersRead & { readonly folder: string }> {
  makeLayout(folder, image);
  return { ...(await readLayout(folder, options)), folder };
}

/** Reads the layers of an OCI layout. */
export async function readLayout(folder: string, options: Partial<ReadLayersOptions> = {}): Promise<LayersRead> {
  const context: Context = options.context ?? createContext();
  const image = await openLocalImage({ kind: 'oci', path: folder }, { context, typed: `oci:${folder}` });
  return readLayers(image.layers, { selects: ['/**'], cacheKey: 'test', verify: true, ...options, context });
}
