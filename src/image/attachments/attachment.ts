import type { Descriptor } from '../model.ts';
import { type Document, imageManifest } from '../transfer-manifest.ts';

import { layerOfBytes, type NewLayer } from '../writer/write-image.ts';

/** Something about an image that is kept beside it: an SBOM, a provenance statement, a VEX document. */
export interface Attachment {
  /** What kind of thing it is; by this others find it. */
  readonly artifactType: string;
  /** Of the bytes; the artifact type without it. */
  readonly mediaType?: string;
  readonly bytes: Uint8Array;
  /** Of its manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An attachment in the form in which it is stored. */
export interface StoredAttachment {
  readonly manifest: Document;
  readonly blobs: readonly NewLayer[];
}

/** What stands where an artifact has no configuration (image specification, manifest.md, "Guidance for an Empty Descriptor"). */
const emptyConfig = layerOfBytes(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');

/**
 * The manifest that makes an attachment a referrer of its subject (image specification, manifest.md, "Guidelines for
 * Artifact Usage"), with the blobs that it names. Equal attachments of one subject give equal bytes.
 */
export function storeAttachment(attachment: Attachment, subject: Descriptor): StoredAttachment {
  const { artifactType, mediaType = artifactType, bytes, annotations } = attachment;
  const content = layerOfBytes(bytes, mediaType);
  const manifest = imageManifest({
    artifactType,
    config: emptyConfig.descriptor,
    layers: [content.descriptor],
    subject: plainDescriptor(subject),
    ...(annotations === undefined ? {} : { annotations }),
  });
  return { manifest, blobs: [emptyConfig, content] };
}

/** A descriptor without what only its place in an index says. */
function plainDescriptor({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
