import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { makeLayer } from '../../src/image/testing/make-layout.ts';
import { serve, type TestServer } from '../../src/net/testing/serve.ts';

/** What the registry has by the end of its address: `manifests/v1`, `blobs/sha256:…`. */
export interface StoredFile {
  readonly bytes: Buffer;
  readonly type?: string;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  /** On performance.now()'s clock. */
  readonly at: number;
}

/** A registry that behaves, but for what a test makes it do. */
export interface HostileRegistry extends TestServer {
  readonly asked: Asked[];
  readonly files: Map<string, StoredFile>;
  /** Those requests whose path ends so. */
  readonly askedFor: (ending: string) => readonly Asked[];
}

/** Answers a request in another way; false leaves it to the registry. */
export type Misdeed = (request: IncomingMessage, response: ServerResponse, asked: Asked) => boolean;

export async function startHostileRegistry(
  image: TestImageFiles,
  misdeed: Misdeed = () => false,
): Promise<HostileRegistry> {
  const files = new Map(image.files);
  const asked: Asked[] = [];
  const server = await serve((request, response) => {
    const path = request.url ?? '';
    const { authorization, range } = request.headers;
    const entry = { method: request.method ?? '', path, authorization, range, at: performance.now() };
    asked.push(entry);
    if (misdeed(request, response, entry)) return;
    const file = files.get(path.replace(/^\/v2\/[^/]+\//, ''));
    if (path === '/v2/') response.end('{}');
    else if (file === undefined) response.writeHead(404).end();
    else sendFile(response, file, range);
  });
  return { ...server, asked, files, askedFor: (ending) => asked.filter(({ path }) => path.endsWith(ending)) };
}

export function sendFile(response: ServerResponse, { bytes, type }: StoredFile, range?: string): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const headers = { 'content-type': type ?? 'application/octet-stream', 'content-length': bytes.length - start };
  const partial = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(start === 0 ? 200 : 206, start === 0 ? headers : { ...headers, ...partial });
  response.end(bytes.subarray(start));
}

export interface TestImageFiles {
  readonly files: ReadonlyMap<string, StoredFile>;
  readonly manifest: Buffer;
  readonly layer: Buffer;
  readonly layerDigest: string;
  readonly configDigest: string;
}

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';

/** An image under the tag `v1` with one layer of some 300 kB, in which Python's `demo` 1.0 is installed. */
export function makeImage(change: (manifest: ManifestJson) => void = () => {}): TestImageFiles {
  const plain = makeLayer([
    {
      name: 'usr/lib/python3/dist-packages/demo-1.0.dist-info/METADATA',
      content: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
    },
    {
      name: 'noise',
      content: Buffer.from(Array.from({ length: 300_000 }, (_, index) => Math.imul(index, 2_654_435_761) >>> 24)),
    },
  ]);
  const layer = gzipSync(plain, { level: 1 });
  const config = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digestOf(plain)] } }),
  );
  const json: ManifestJson = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf(layer), size: layer.length }],
  };
  change(json);
  const manifest = Buffer.from(JSON.stringify(json));
  const files = new Map<string, StoredFile>([
    ['manifests/v1', { bytes: manifest, type: manifestType }],
    [`manifests/${digestOf(manifest)}`, { bytes: manifest, type: manifestType }],
    [`blobs/${digestOf(config)}`, { bytes: config }],
    [`blobs/${digestOf(layer)}`, { bytes: layer }],
  ]);
  return { files, manifest, layer, layerDigest: digestOf(layer), configDigest: digestOf(config) };
}

export interface ManifestJson {
  schemaVersion: number;
  mediaType: string;
  config: { mediaType: string; digest: string; size: number };
  layers: { mediaType: string; digest: string; size: number }[];
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
