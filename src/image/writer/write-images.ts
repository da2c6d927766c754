import { CinzelError } from '../../core/errors.ts';
import type { ImageSink } from '../transfer.ts';
import { type Document, imageIndex } from '../transfer-manifest.ts';
import { type NewImage, putImage, writeImage } from './write-image.ts';

/** What was put into a sink under one tag. */
export interface WrittenImages {
  /** What the tag names: an index, or the one image. */
  readonly tagged: Document;
  /** The manifest of each image, in their order. */
  readonly manifests: readonly Document[];
}

/**
 * Puts images of several platforms into a sink under one tag, as an index; a single one as itself. The caller commits.
 * Throws `usage.invalid` when the sink holds one image only.
 */
export async function writeImages(sink: ImageSink, images: readonly NewImage[], tag: string): Promise<WrittenImages> {
  const [first, ...others] = images;
  if (first !== undefined && others.length === 0) {
    const tagged = await writeImage(sink, first, tag);
    return { tagged, manifests: [tagged] };
  }
  if (sink.holds === 'image') {
    throw new CinzelError('usage.one-image', { leave: '--arch' });
  }
  const parts: Document[] = [];
  for (const image of images) parts.push(await putImage(sink, image, { kind: 'part' }));
  const index = imageIndex(
    parts.map(({ descriptor }) => descriptor),
    first?.annotations,
  );
  await sink.putManifest(index.bytes, index.descriptor, { kind: 'tagged', tag });
  return { tagged: index, manifests: parts };
}
