import type { Stats } from 'node:fs';
import { constants, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import { decodeName, encodeName } from '../core/path.ts';
import { systemProblem } from '../core/system-problem.ts';
import type { TarHeader, TarType } from '../formats/tar/model.ts';
import { LayerBuilder } from './layer-builder.ts';
import { LayerDiagnostics, type ReadLayer, type ReadOptions } from './read-layer.ts';

/** Kernel filesystems that a running system mounts; their content is not the image's. */
const mountedByKernel = new Set(['/proc', '/sys', '/dev']);

/** Reads a root filesystem on disk as one layer. Links are never followed, nor is anything opened that is not asked for. */
export function readDirectory(root: string, layer: number, { context }: ReadOptions): ReadLayer {
  const { limits } = context;
  const diagnostics = new LayerDiagnostics();
  const builder = new LayerBuilder({ limits, report: diagnostics.report, layer, whiteouts: false });
  const device = lstatSync(root).dev;
  let total = 0;
  const folders: string[] = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of readNames(root, folder, builder)) {
      const path = `${folder}/${name}`;
      const found = readHeader(root, path, builder);
      if (found === undefined) continue;
      const { header } = found;
      builder.add(header, { offset: 0, stored: 0 });
      total += header.size;
      const foreign = mountedByKernel.has(path) && found.device !== device;
      if (header.type === 'directory' && !foreign) folders.push(path);
    }
  }
  const index = builder.finish(total);
  return {
    content: { index, read: (entry) => readFile(root, index.paths[entry] ?? '/', limits.fileBytes) },
    reading: { size: index.size, verified: 'no' },
    diagnostics: diagnostics.list,
  };
}

function readNames(root: string, folder: string, builder: LayerBuilder): readonly string[] {
  try {
    return readdirSync(diskPath(root, folder), { encoding: 'buffer' }).map(decodeName).sort();
  } catch (cause) {
    if (folder === '')
      throw new CinzelError('environment.read', { path: root, problem: systemProblem(cause) }, { cause });
    builder.drop(folder, systemProblem(cause));
    return [];
  }
}

function diskPath(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(root), encodeName(path)]);
}

/** What is there, unless it has gone since its folder was listed, or lies deeper than the system can reach. */
function readHeader(
  root: string,
  path: string,
  builder: LayerBuilder,
): { readonly header: TarHeader; readonly device: number } | undefined {
  try {
    const stat = lstatSync(diskPath(root, path));
    const header = headerOf(root, path, stat);
    return header && { header, device: stat.dev };
  } catch (cause) {
    return builder.drop(path, systemProblem(cause));
  }
}

function headerOf(root: string, path: string, stat: Stats): TarHeader | undefined {
  const type = typeOf(stat);
  if (type === undefined) return undefined;
  const common = {
    name: path,
    type,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    size: type === 'file' ? stat.size : 0,
    mtime: Math.floor(stat.mtimeMs / 1000),
  };
  return type === 'symlink' ? { ...common, link: decodeName(readlinkSync(diskPath(root, path), 'buffer')) } : common;
}

function typeOf(stat: Stats): TarType | undefined {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isCharacterDevice()) return 'character';
  if (stat.isBlockDevice()) return 'block';
  return undefined;
}

async function readFile(root: string, path: string, limit: number): Promise<Uint8Array> {
  // The file may have become a link since it was listed.
  const file = await open(diskPath(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    if (size > limit) throw new CinzelError('untrusted.limit', { limit: 'fileBytes', value: limit, what: path });
    return await file.readFile();
  } finally {
    await file.close();
  }
}
