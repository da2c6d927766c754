import type { Digest } from '../core/digest.ts';
import type { Descriptor } from './model.ts';

/** Opens a blob's bytes from the start, each time that it is called. */
export type OpenBlob = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

/**
 * A source of images in the terms of the OCI image specification: manifests and blobs by digest. What it gives is not
 * verified; the one who copies does that.
 */
export interface ImageStore {
  /** What the user named, for messages. */
  readonly name: string;
  /** Repository and tag under which an engine would know the image, where the source tells. */
  readonly imageName?: string;
  /** What the user named: one manifest or index, or several manifests that are platforms of one image. */
  roots(): Promise<readonly Descriptor[]>;
  /** The exact bytes of a manifest or an index. */
  manifest(descriptor: Descriptor): Promise<Uint8Array>;
  /** A blob's bytes; undefined when the source does not have them. */
  blob(descriptor: Descriptor): OpenBlob | undefined;
  /** Manifests whose subject is the one of this digest, such as SBOMs. */
  referrers(digest: Digest): Promise<readonly Descriptor[]>;
  /** What has this tag beside what the user named; undefined when nothing has. */
  tagged(tag: string): Promise<Descriptor | undefined>;
  /** Releases what the source holds open, and removes what it put aside. */
  close(): Promise<void>;
}

/** What a manifest is at its destination. */
export type ManifestPlace =
  /** The image itself, known by this tag. */
  | { readonly kind: 'tagged'; readonly tag: string }
  /** An image that an index names. */
  | { readonly kind: 'part' }
  | { readonly kind: 'referrer'; readonly subject: Digest };

/** A destination of images. Nothing of it can be seen before `commit`, where the destination has a way to do that. */
export interface ImageSink {
  /** `manifests` keeps them byte for byte; `image` holds one image without a manifest, as engines do. */
  readonly holds: 'manifests' | 'image';
  /** Whether the blob is there already and need not be put. */
  has(descriptor: Descriptor): Promise<boolean>;
  /** The manifest that has this tag at the destination now; undefined when none has. */
  tagged(tag: string): Promise<Uint8Array | undefined>;
  /** Takes a blob. A sink may open it now or not before `commit`; the bytes that come are verified as they go by. */
  putBlob(descriptor: Descriptor, open: OpenBlob): Promise<void>;
  /** Takes a manifest or an index once everything that it names was put. */
  putManifest(bytes: Uint8Array, descriptor: Descriptor, place: ManifestPlace): Promise<void>;
  /** Makes the image visible, whole. */
  commit(): Promise<void>;
  /** Removes what was not committed. To be called once, always. */
  close(): Promise<void>;
}
