import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeLayer, type TestEntry } from '../../src/image/testing/make-layout.ts';

/** A small Debian: what the inventory needs to find a distribution and two packages. */
export const debianFiles: readonly TestEntry[] = [
  { name: 'etc/' },
  { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' },
  { name: 'var/lib/dpkg/' },
  {
    name: 'var/lib/dpkg/status',
    content: ['bash 5.2.15-2+b7', 'zlib1g 1:1.2.13.dfsg-1']
      .map((item) => item.split(' '))
      .map(
        ([name, version]) =>
          `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
      )
      .join('\n'),
  },
];

/** A Docker archive as `docker save` of old wrote it: layers, configuration, manifest.json last. */
export function dockerArchive(layers: readonly Buffer[], first: 'layers' | 'manifest' = 'layers'): Buffer {
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
  });
  const manifest = [
    {
      Config: `${sha256(config)}.json`,
      RepoTags: ['test:1'],
      Layers: layers.map((layer) => `${sha256(layer)}/layer.tar`),
    },
  ];
  const manifestEntry = { name: 'manifest.json', content: JSON.stringify(manifest) };
  const rest = [
    ...layers.map((layer) => ({ name: `${sha256(layer)}/layer.tar`, content: layer })),
    { name: `${sha256(config)}.json`, content: config },
  ];
  return makeLayer(first === 'layers' ? [...rest, manifestEntry] : [manifestEntry, ...rest]);
}

/** A folder's files as a tar archive: an OCI layout becomes an OCI archive. */
export function folderArchive(folder: string): Buffer {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return makeLayer(names.sort().map((name) => ({ name, content: readFileSync(join(folder, name)) })));
}

interface Named {
  digest: string;
  size: number;
  mediaType: string;
}

interface LayoutManifest {
  readonly config: Named;
  readonly layers: Named[];
}

/** Changes the manifest of a layout's only image, and gives it its new digest, so that only the change is wrong. */
export function editManifest(folder: string, edit: (manifest: LayoutManifest) => void): void {
  const index = readJson<{ readonly manifests: [Named] }>(join(folder, 'index.json'));
  const [descriptor] = index.manifests;
  const manifest = readJson<LayoutManifest>(blobPath(folder, descriptor.digest));
  edit(manifest);
  rmSync(blobPath(folder, descriptor.digest));
  Object.assign(descriptor, writeBlob(folder, JSON.stringify(manifest)));
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
}

/** Puts other bytes in the place of layer `index`, and of its digest and size in the manifest; the diff ID stays. */
export function replaceLayer(folder: string, index: number, change: (bytes: Buffer) => Buffer): void {
  editManifest(folder, ({ layers }) => {
    const layer = layers[index];
    if (layer === undefined) throw new RangeError(`no layer ${index}`);
    Object.assign(layer, writeBlob(folder, change(readFileSync(blobPath(folder, layer.digest)))));
  });
}

export function writeBlob(folder: string, bytes: string | Buffer): Pick<Named, 'digest' | 'size'> {
  writeFileSync(join(folder, 'blobs/sha256', sha256(bytes)), bytes);
  return { digest: `sha256:${sha256(bytes)}`, size: Buffer.byteLength(bytes) };
}

export function blobPath(folder: string, digest: string): string {
  return join(folder, 'blobs', digest.replace(':', '/'));
}

export function copyLayout(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  return to;
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readJson<Value>(path: string): Value {
  return JSON.parse(readFileSync(path, 'utf8')) as Value;
}
