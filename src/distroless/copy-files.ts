import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { compareText } from '../core/compare-text.ts';
import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';
import { bytesFile, folder, type LayerFile, symlink } from './files.ts';
import type { FileRequest } from './recipe/model.ts';

type CopyRequest = Extract<FileRequest, { readonly kind: 'copy' }>;

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** A file of the project, and where it comes to lie below the target. */
interface Found {
  readonly path: string;
  /** With slashes; empty for what was named itself. */
  readonly name: string;
  readonly stats: Stats;
}

/**
 * Copies from the project: a file to a path, or into a folder when the target ends in a slash; what a folder holds into
 * the target; what a glob matches into the target, from the folder on with which the glob begins. Links stay links. A name
 * that is there is itself, even if it could be a glob. So that the umask of whoever builds does not show, what has no given
 * mode gets all bits but those of the recipe's umask, those to execute if its owner may.
 */
export async function copyFiles(request: CopyRequest, ids: Ids): Promise<readonly LayerFile[]> {
  const { base, glob } = await understand(request);
  const named = resolve(request.folder, base);
  if (!isInside(named, request.folder) || !(await leadsInside(named, request.folder))) {
    throw new CinzelError('usage.outside-recipe', { path: request.from });
  }
  const matches = glob === '' ? () => true : picomatch(glob, { dot: true });
  const ignored = picomatch([...request.ignore], { dot: true });
  const found = (await walk(named, '', ignored)).filter(({ name, stats }) => stats.isDirectory() || matches(name));
  const files = found.filter(({ stats }) => !stats.isDirectory());
  if (files.length === 0 && glob !== '') throw new CinzelError('environment.not-found', { what: `"${request.from}"` });
  const kept = glob === '' ? found : found.filter(({ name, stats }) => !stats.isDirectory() || holds(name, files));
  const made: LayerFile[] = [];
  for (const one of kept) made.push(await layerFile(one, targetOf(request.to, one, named), { ...ids, request }));
  return made;
}

async function understand({ from, folder: inside }: CopyRequest): Promise<{ base: string; glob: string }> {
  const { base, glob } = picomatch.scan(from);
  if (glob === '') return { base: from, glob };
  const isThere = await lstat(resolve(inside, from)).then(
    () => true,
    () => false,
  );
  return isThere ? { base: from, glob: '' } : { base, glob };
}

/** Whether the folder that holds a path is inside the project once links on the way there are followed. */
async function leadsInside(path: string, root: string): Promise<boolean> {
  const holder = path === resolve(root) ? path : dirname(path);
  const real = await realpath(holder).catch(() => undefined);
  return real === undefined || isInside(real, await realpath(root));
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

function holds(folderName: string, files: readonly Found[]): boolean {
  return folderName === '' || files.some(({ name }) => name.startsWith(`${folderName}/`));
}

async function walk(path: string, name: string, ignored: (name: string) => boolean): Promise<readonly Found[]> {
  if (name !== '' && ignored(name)) return [];
  const stats = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new CinzelError('environment.not-found', { what: path }, { cause });
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  });
  const own = { path, name, stats };
  if (!stats.isDirectory()) return [own];
  const found: Found[] = [own];
  for (const child of (await readdir(path)).sort(compareText)) {
    found.push(...(await walk(join(path, child), name === '' ? child : `${name}/${child}`, ignored)));
  }
  return found;
}

function targetOf(to: string, { name, stats }: Found, named: string): string {
  if (name !== '') return `${to.replace(/\/+$/, '')}/${name}`;
  return to.endsWith('/') && !stats.isDirectory() ? `${to}${basename(named)}` : to;
}

async function layerFile(
  { path, stats }: Found,
  target: string,
  { uid, gid, request }: Ids & { readonly request: CopyRequest },
): Promise<LayerFile> {
  const { umask = 0o022 } = request;
  if (stats.isDirectory()) return folder(target, { uid, gid, mode: 0o777 & ~umask });
  if (stats.isSymbolicLink()) return symlink(target, await readlink(path), { uid, gid });
  if (!stats.isFile()) throw new CinzelError('usage.not-copied', { path });
  const mode = request.mode ?? ((stats.mode & 0o100) === 0 ? 0o666 : 0o777) & ~umask;
  return bytesFile(target, await readFile(path), { uid, gid, mode });
}
