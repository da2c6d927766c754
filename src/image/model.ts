import type { Digest } from '../core/digest.ts';

/** What kind of file holds an image, or what serves it. */
export type ReferenceKind =
  | 'docker-archive'
  | 'oci'
  | 'oci-archive'
  | 'registry'
  | 'docker'
  | 'podman'
  | 'containerd'
  | 'dir'
  | 'sbom';

/** What the user typed to name an image, understood. */
export type Reference =
  | {
      readonly kind: 'docker-archive' | 'oci' | 'oci-archive';
      readonly path: string;
      readonly tag?: string;
      readonly digest?: Digest;
    }
  | { readonly kind: 'dir'; readonly path: string }
  | { readonly kind: 'sbom'; readonly path: string }
  | { readonly kind: 'registry'; readonly name: RegistryName }
  | { readonly kind: 'docker' | 'podman' | 'containerd'; readonly name: string };

/** A registry's image name; `docker.io/library/` and `latest` are made explicit. */
export interface RegistryName {
  /** Host and port, as the user means it: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** An OCI platform (image specification, image-index.md). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** A content descriptor (image specification, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly urls?: readonly string[];
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

/** The parts of an image configuration that Cinzel uses (image specification, config.md). */
export interface ImageConfig {
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: readonly string[];
  readonly workingDir?: string;
  readonly exposedPorts?: readonly string[];
  readonly volumes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly shell?: readonly string[];
}

export interface HistoryStep {
  readonly created?: string;
  readonly createdBy?: string;
  readonly comment?: string;
  readonly emptyLayer: boolean;
}

/** One layer of an opened image. */
export interface Layer {
  /** 0-based; empty history steps are not counted. */
  readonly index: number;
  /** Digest of the uncompressed layer; absent for a root filesystem on disk. */
  readonly diffId?: Digest;
  /** Digest of the stored, usually compressed, blob; absent where the image's form has none. */
  readonly digest?: Digest;
  readonly mediaType: string;
  readonly compressedSize?: number;
  readonly createdBy?: string;
  readonly created?: string;
  /** Where its bytes are. Undefined for a foreign layer whose bytes the source does not have. */
  readonly blob?: LayerBlob;
}

/** The bytes of a layer as its source stores them. */
export type LayerBlob =
  /** Plain bytes inside a local file: read by offset. */
  | { readonly kind: 'slice'; readonly file: string; readonly offset: number; readonly size: number }
  /** Anything that must be streamed. */
  | {
      readonly kind: 'stream';
      readonly size?: number;
      readonly open: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
    }
  /** A file of an archive that can only be read front to back, with its other layers. */
  | { readonly kind: 'packed'; readonly archive: PackedLayers; readonly name?: string }
  /** A root filesystem on disk. */
  | { readonly kind: 'directory'; readonly path: string };

/**
 * An archive that holds several layers and has no offsets: a compressed one, or what an engine exports. It is read
 * once for all layers that are wanted. A layer whose name is not known before is told by its diff ID.
 */
export interface PackedLayers {
  /** The archive, uncompressed. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** Manifest, configuration and layers of one platform, opened and not yet read. */
export interface Image {
  /** The reference as typed. */
  readonly reference: string;
  /** The best human name: repository and tag where known. */
  readonly name: string;
  /** The registry that it was opened from or goes to: `docker.io`, `localhost:5000`. */
  readonly registry?: string;
  /** Digest of the manifest; absent where there is none. */
  readonly digest?: Digest;
  /** Digest of the configuration: the image ID. */
  readonly id?: Digest;
  readonly platform: Platform;
  readonly created?: string;
  readonly config: ImageConfig;
  readonly history: readonly HistoryStep[];
  readonly layers: readonly Layer[];
  /** Exact bytes, for tools that copy or rewrite the image. */
  readonly rawManifest?: Uint8Array;
  readonly rawConfig?: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Releases what the source holds open. */
  readonly close: () => Promise<void>;
}

export function formatPlatform(platform: Platform): string {
  const parts = [platform.os, platform.architecture];
  if (platform.variant !== undefined) parts.push(platform.variant);
  return parts.join('/');
}

/** Stored bytes of a blob, where they are known without reading it. */
export function blobSize(blob: LayerBlob): number | undefined {
  return blob.kind === 'slice' || blob.kind === 'stream' ? blob.size : undefined;
}
