import { CinzelError } from '../../core/errors.ts';
import type { ImageSink } from '../transfer.ts';
import { type Document, imageIndex } from '../transfer-manifest.ts';
import { type NewImage, putImage, writeImage } from './write-image.ts';

/**
 * Puts images of several platforms into a sink under one tag, as an index; a single one as itself. Gives what the tag
 * names. The caller commits. Throws `usage.invalid` when the sink holds one image only.
 */
export async function writeImages(sink: ImageSink, images: readonly NewImage[], tag: string): Promise<Document> {
  const [first, ...others] = images;
  if (first !== undefined && others.length === 0) return writeImage(sink, first, tag);
  if (sink.holds === 'image') {
    throw new CinzelError('usage.one-image', { leave: '--arch' });
  }
  const parts: Document[] = [];
  for (const image of images) parts.push(await putImage(sink, image, { kind: 'part' }));
  const index = imageIndex(parts.map(({ descriptor }) => descriptor));
  await sink.putManifest(index.bytes, index.descriptor, { kind: 'tagged', tag });
  return index;
}
