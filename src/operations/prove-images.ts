import { CinzelError } from '../core/errors.ts';
import type { Destination } from '../image/destination.ts';
import type { ImageSink } from '../image/transfer.ts';
import type { WrittenImages } from '../image/writer/write-images.ts';
import { attachDocuments, type ImageDocument } from './attach-documents.ts';
import { attestManifest, openSigner, type Signing, signManifest } from './sign-image.ts';
import type { Toolbox } from './toolbox.ts';

/** What is put beside images that were written. */
export interface Proofs {
  /** What the documents call the image. */
  readonly name: string;
  /** The documents of the image at this place in the list. */
  readonly documents: (index: number) => Promise<readonly ImageDocument[]>;
  readonly signing?: Signing;
}

/**
 * Attaches documents to images that were put into the sink; with a key it signs the images, their index, and what the
 * documents say. The caller commits. A sink that holds one image without a manifest has no place for any of it.
 */
export async function proveImages(
  sink: ImageSink,
  { tagged, manifests }: WrittenImages,
  { name, documents, signing }: Proofs,
): Promise<void> {
  if (sink.holds === 'image') return;
  for (const [index, { descriptor: manifest }] of manifests.entries()) {
    const said = await documents(index);
    await attachDocuments(sink, { name, manifest }, said);
    if (signing === undefined) continue;
    await signManifest(sink, manifest, signing);
    await attestManifest(sink, { name, manifest }, said, signing);
  }
  if (signing !== undefined && !manifests.includes(tagged)) await signManifest(sink, tagged.descriptor, signing);
}

/** Opens the key that shall sign at a destination. Throws `usage.sign` where there is no place for signatures. */
export async function openSigning(key: string, destination: Destination, toolbox: Toolbox): Promise<Signing> {
  if (destination.kind === 'registry') {
    const { registry, repository } = destination.name;
    return { signer: await openSigner(key, toolbox), repository: `${registry}/${repository}` };
  }
  if (destination.kind !== 'oci' && destination.kind !== 'oci-archive') {
    throw new CinzelError('usage.sign', { destination: `${destination.kind}:` });
  }
  return { signer: await openSigner(key, toolbox), repository: '' };
}
