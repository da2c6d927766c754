import { createHash } from 'node:crypto';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { command, inNamespaces } from './shell.ts';

/** An uncompressed layer of a fat image, as a file named after its digest. */
export interface BuiltLayer {
  readonly digest: string;
  readonly file: string;
  readonly createdBy: string;
}

/** Runs shell lines as root in a root filesystem; what they change becomes the content of `upper`. */
export function runInImage(
  root: string,
  upper: string,
  lines: readonly string[],
  environment: readonly string[],
): void {
  if (lines.length === 0) return;
  const work = `${upper}.work`;
  const merged = `${upper}.merged`;
  for (const folder of [work, merged]) mkdirSync(folder, { recursive: true });
  const script = [
    'mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"',
    'mkdir -p "$4/proc" "$4/dev" "$4/tmp"',
    'mount -t proc proc "$4/proc"; mount --rbind /dev "$4/dev"',
    'exec env -i "$6" HOME=/root LANG=C.UTF-8 chroot "$4" /bin/sh -euc "$5"',
  ];
  const path = environment.find((one) => one.startsWith('PATH=')) ?? 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';
  inNamespaces(script.join('\n'), [root, upper, work, merged, lines.join('\n'), path]);
  for (const folder of [work, merged]) rmSync(folder, { recursive: true, force: true });
}

/** The layer that a folder is, with overlayfs' marks of what was removed as whiteouts of the OCI. */
export function layerOf(folder: string, into: string, createdBy: string): BuiltLayer {
  for (const path of command(['find', folder, '-type', 'c', '-printf', '%P\\n']).split('\n').filter(Boolean)) {
    const at = path.lastIndexOf('/');
    rmSync(join(folder, path));
    writeFileSync(join(folder, path.slice(0, at + 1), `.wh.${path.slice(at + 1)}`), '');
  }
  const file = join(into, 'layer.tar');
  const options = [
    '--sort=name',
    '--mtime=@0',
    '--numeric-owner',
    '--format=posix',
    '--pax-option=delete=atime,delete=ctime',
  ];
  command(['tar', ...options, '-C', folder, '-cf', file, ...readdirSync(folder).sort()]);
  return named(file, into, createdBy);
}

function named(file: string, into: string, createdBy: string): BuiltLayer {
  const [sum = ''] = command(['sha256sum', file]).split(' ');
  const digest = `sha256:${sum}`;
  renameSync(file, join(into, sum));
  return { digest, file: join(into, sum), createdBy };
}

/** The layers of an OCI archive as files of a folder. */
export function layersOfArchive(archive: string, into: string): readonly BuiltLayer[] {
  const layout = join(into, 'archive');
  mkdirSync(layout, { recursive: true });
  command(['tar', '-xf', archive, '-C', layout]);
  const read = (digest: string) => JSON.parse(readFileSync(blob(layout, digest), 'utf8')) as Document;
  const { manifests = [] } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as Document;
  const { config, layers = [] } = read(manifests[0]?.digest ?? '');
  const { history = [] } = read(config?.digest ?? '');
  const built = layers.map(({ digest }, index) => {
    renameSync(blob(layout, digest), join(into, digest.slice(7)));
    return { digest, file: join(into, digest.slice(7)), createdBy: history[index]?.created_by ?? '' };
  });
  rmSync(layout, { recursive: true });
  return built;
}

interface Document {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
  readonly history?: readonly { readonly created_by: string }[];
}

function blob(layout: string, digest: string): string {
  return join(layout, 'blobs/sha256', digest.slice(7));
}

/** Writes an OCI layout of layers that are there already. */
export function writeLayout(layout: string, tag: string, layers: readonly BuiltLayer[], config: object): void {
  rmSync(layout, { recursive: true, force: true });
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const created = '1970-01-01T00:00:00Z';
  const image = {
    created,
    architecture: 'amd64',
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  };
  const type = 'application/vnd.oci.image';
  const manifest = {
    schemaVersion: 2,
    mediaType: `${type}.manifest.v1+json`,
    config: { mediaType: `${type}.config.v1+json`, ...put(layout, image) },
    layers: layers.map(({ file, digest }) => {
      link(file, blob(layout, digest));
      return { mediaType: `${type}.layer.v1.tar`, digest, size: Number(command(['stat', '-c', '%s', file])) };
    }),
  };
  const descriptor = { mediaType: manifest.mediaType, ...put(layout, manifest) };
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  const index = { schemaVersion: 2, manifests: [{ ...descriptor, annotations }] };
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
  writeFileSync(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

function put(layout: string, document: object): { readonly digest: string; readonly size: number } {
  const text = JSON.stringify(document);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  writeFileSync(blob(layout, digest), text);
  return { digest, size: Buffer.byteLength(text) };
}

function link(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** What a layout's one image says that it runs, and its files under `root`. */
export function unpackLayout(layout: string, root: string): Readonly<Record<string, unknown>> {
  mkdirSync(root, { recursive: true });
  const read = (digest: string) => JSON.parse(readFileSync(blob(layout, digest), 'utf8')) as Document;
  const { manifests = [] } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as Document;
  const { config, layers = [] } = read(manifests[0]?.digest ?? '');
  for (const { digest } of layers) extract(blob(layout, digest), root);
  return (read(config?.digest ?? '') as { config?: Record<string, unknown> }).config ?? {};
}

/** Extracts a layer without whiteouts over a root. */
export function extract(tar: string, root: string): void {
  command(['tar', '-xpf', tar, '--numeric-owner', '--xattrs', '--xattrs-include=*', '-C', root]);
}
