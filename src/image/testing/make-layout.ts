import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TarHeader } from '../../formats/tar/model.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../../formats/tar/write.ts';

/** An entry of a layer as tests write it: only what matters. */
export interface TestEntry extends Partial<Omit<TarHeader, 'size'>> {
  readonly name: string;
  readonly content?: string | Uint8Array;
}

export interface TestImage {
  readonly layers: readonly Buffer[];
  readonly compression?: 'none' | 'gzip' | 'zstd';
  readonly tag?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly createdBy?: readonly string[];
  readonly architecture?: string;
}

/** A layer's archive from its entries. */
export function makeLayer(entries: readonly TestEntry[]): Buffer {
  const parts = entries.flatMap(({ content = '', ...entry }) => {
    const bytes = Buffer.from(content as string);
    const type =
      entry.type ?? (entry.link === undefined ? (entry.name.endsWith('/') ? 'directory' : 'file') : 'symlink');
    const mode = entry.mode ?? (type === 'directory' ? 0o755 : 0o644);
    const size = type === 'file' ? bytes.length : 0;
    const header = { uid: 0, gid: 0, mtime: 1_700_000_000, ...entry, type, mode, size };
    return type === 'file' ? [tarHeaderBlocks(header), bytes, tarPadding(size)] : [tarHeaderBlocks(header)];
  });
  return Buffer.concat([...parts, tarEnd]);
}

/** Writes an OCI layout by hand, so that tests of readers do not depend on our own writer. Gives the manifest's digest. */
export function makeLayout(folder: string, ...images: readonly TestImage[]): readonly string[] {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const manifests = images.map((image) => writeImage(folder, image));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  return manifests.map((manifest) => manifest.digest);
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: object;
  readonly annotations?: object;
}

function writeImage(folder: string, image: TestImage): Descriptor {
  const compression = image.compression ?? 'none';
  const suffix = compression === 'none' ? '' : `+${compression}`;
  const layers = image.layers.map((layer) => {
    const bytes = compress(layer, compression);
    return writeBlob(folder, bytes, `application/vnd.oci.image.layer.v1.tar${suffix}`);
  });
  const architecture = image.architecture ?? 'amd64';
  const config = {
    created: '2024-01-01T00:00:00Z',
    architecture,
    os: 'linux',
    config: image.config ?? {},
    rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => `sha256:${hash(layer)}`) },
    history: image.layers.map((_, index) => ({
      created: '2024-01-01T00:00:00Z',
      created_by: image.createdBy?.[index] ?? `RUN step-${index}`,
    })),
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: writeBlob(folder, Buffer.from(JSON.stringify(config)), 'application/vnd.oci.image.config.v1+json'),
    layers,
  };
  return {
    ...writeBlob(folder, Buffer.from(JSON.stringify(manifest)), manifest.mediaType),
    platform: { os: 'linux', architecture },
    ...(image.tag === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': image.tag } }),
  };
}

function compress(bytes: Buffer, compression: 'none' | 'gzip' | 'zstd'): Buffer {
  if (compression === 'none') return bytes;
  return compression === 'gzip'
    ? gzipSync(bytes)
    : execFileSync('zstd', ['-q', '-c'], { input: bytes, maxBuffer: 2 ** 30 });
}

function writeBlob(folder: string, bytes: Buffer, mediaType: string): Descriptor {
  writeFileSync(join(folder, 'blobs/sha256', hash(bytes)), bytes);
  return { mediaType, digest: `sha256:${hash(bytes)}`, size: bytes.length };
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
