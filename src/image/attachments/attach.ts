import type { Descriptor } from '../model.ts';
import type { ImageSink } from '../transfer.ts';
import { type Attachment, storeAttachment } from './attachment.ts';

/**
 * Puts attachments of a manifest into the sink that the manifest went to, each as its referrer. The caller commits. A
 * sink that holds one image without a manifest, as engines do, has no place for them.
 */
export async function attach(sink: ImageSink, subject: Descriptor, attachments: readonly Attachment[]): Promise<void> {
  if (sink.holds === 'image') return;
  for (const attachment of attachments) {
    const { manifest, blobs } = storeAttachment(attachment, subject);
    for (const { descriptor, open } of blobs) {
      if (!(await sink.has(descriptor))) await sink.putBlob(descriptor, open);
    }
    await sink.putManifest(manifest.bytes, manifest.descriptor, { kind: 'referrer', subject: subject.digest });
  }
}
