import { compareText } from '../core/compare-text.ts';
import { sha256 } from '../core/digest.ts';
import { inParallel } from '../core/in-parallel.ts';
import { parentPath } from '../core/path.ts';
import type { TarHeader } from '../formats/tar/model.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../formats/tar/write.ts';
import { openOciArchiveSink } from '../image/writer/oci-archive-sink.ts';
import { layerOfBytes, writeImage } from '../image/writer/write-image.ts';
import { type AptArchive, openArchive } from '../repositories/apt/archive.ts';
import { type DownloadOptions, downloadDeb } from '../repositories/apt/download.ts';
import type { DebFile } from '../repositories/apt/read-deb.ts';
import { solve } from '../repositories/apt/solver/solve.ts';
import { databaseFile, unpackPackage } from '../repositories/apt/unpack.ts';
import { archiveMirrors } from './archive-mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** One layer: packages with what they need and the layers below do not have, or files. */
export interface PackageLayer {
  readonly createdBy: string;
  readonly packages?: readonly string[];
  readonly files?: readonly DebFile[];
}

export interface LaidImage {
  /** A Debian suite by name, without its updates. */
  readonly suite: string;
  readonly architecture: string;
  readonly layers: readonly PackageLayer[];
  /** Of the image configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where the OCI archive goes, and its tag. */
  readonly file: string;
  readonly tag: string;
}

/** Lays out packages of a Debian suite as the layers of an image, and writes it as an OCI archive. No script is run. */
export async function layPackages(image: LaidImage, toolbox: Toolbox): Promise<void> {
  const { context } = toolbox;
  const download = {
    mirrors: archiveMirrors(toolbox),
    http: await toolbox.http(),
    cache: await toolbox.cache(),
    context,
  };
  const archive = await openArchive({
    ...download,
    suites: [{ archive: 'main', name: image.suite }],
    components: ['main'],
    architecture: image.architecture,
  });
  const statuses: string[] = [];
  const installed = new Set<string>();
  const layers: Buffer[] = [];
  for (const [index, layer] of image.layers.entries()) {
    const files = index === 0 ? [...mergedUsr, ...(layer.files ?? [])] : [...(layer.files ?? [])];
    files.push(
      ...(await packageFiles(layer, { archive, download, architecture: image.architecture, installed, statuses })),
    );
    layers.push(toLayer(files));
  }
  const config = Buffer.from(JSON.stringify(configuration(image, layers)));
  const sink = await openOciArchiveSink(image.file, context);
  try {
    await writeImage(sink, { config, layers: layers.map((layer) => layerOfBytes(layer)) }, image.tag);
    await sink.commit();
  } finally {
    await sink.close();
  }
}

interface Laying {
  readonly archive: AptArchive;
  readonly download: DownloadOptions;
  readonly architecture: string;
  /** Names of the packages of the layers below. */
  readonly installed: Set<string>;
  /** Their stanzas. */
  readonly statuses: string[];
}

const width = 4;

async function packageFiles(layer: PackageLayer, laying: Laying): Promise<readonly DebFile[]> {
  if (layer.packages === undefined) return [];
  const { archive, download, architecture, installed, statuses } = laying;
  const chosen = solve([...installed, ...layer.packages], archive, { architecture }).map((one) => one.package);
  const added = chosen.filter(({ name }) => !installed.has(name));
  const unpacked = await inParallel(added, width, async (found) =>
    unpackPackage(found, await downloadDeb(found, download)),
  );
  for (const { name, status } of unpacked) {
    installed.add(name);
    statuses.push(status);
  }
  const text = [...statuses].sort(compareText).join('\n\n');
  const database = databaseFile('var/lib/dpkg/status', Buffer.from(`${text}\n`));
  return [...unpacked.flatMap(({ files }) => files), database];
}

const mergedUsr: readonly DebFile[] = ['bin', 'sbin', 'lib', 'lib64'].map((name) => ({
  header: { name, type: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, mtime: 0, link: `usr/${name}` },
  content: new Uint8Array(),
}));

/** Parents come before what they hold; of two files for one path the later counts. */
function toLayer(files: readonly DebFile[]): Buffer {
  const byPath = new Map<string, DebFile>();
  for (const file of files) {
    addParents(file.header.name, byPath);
    byPath.set(file.header.name, file);
  }
  const links = (header: TarHeader): number => (header.type === 'hardlink' ? 1 : 0);
  const sorted = [...byPath.values()].sort(
    (a, b) => links(a.header) - links(b.header) || compareText(a.header.name, b.header.name),
  );
  const parts = sorted.flatMap(({ header, content }) => [tarHeaderBlocks(header), content, tarPadding(content.length)]);
  return Buffer.concat([...parts, tarEnd]);
}

function addParents(name: string, byPath: Map<string, DebFile>): void {
  const parent = parentPath(`/${name}`).slice(1);
  if (parent === '' || byPath.has(parent)) return;
  addParents(parent, byPath);
  byPath.set(parent, {
    header: { name: parent, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 },
    content: new Uint8Array(),
  });
}

function configuration({ architecture, config, layers }: LaidImage, bytes: readonly Buffer[]): object {
  const created = '1970-01-01T00:00:00Z';
  return {
    created,
    architecture,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: bytes.map((layer) => sha256(layer)) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  };
}
