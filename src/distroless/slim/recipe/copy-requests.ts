import type { ImagePath } from '../../../core/path.ts';
import type { LayerFile } from '../../files.ts';
import type { WrittenFile } from '../../recipe/schema.ts';

interface Owned {
  readonly uid: number;
  readonly gid: number;
}

/** Owner and permissions of a folder. */
export interface FolderAttributes extends Owned {
  readonly mode: number;
}

/** How a request of a recipe makes files: their owner, and the bits that they are made without. */
interface Style extends Owned {
  readonly umask: number;
}

/** A folder that is copied, with what is copied of it. */
interface CopiedFolder {
  readonly path: ImagePath;
  readonly folders: Map<string, CopiedFolder>;
  readonly files: LayerFile[];
}

const plain: Style = { uid: 0, gid: 0, umask: 0o022 };
const umasks = [0o022, 0o002, 0o000, 0o027, 0o007, 0o077];

/**
 * Requests that copy files from a folder beside the recipe, laid out there as in the image, with their owners and modes: one
 * for all, then one for each folder and file of which most or it itself is otherwise. Later requests replace earlier ones.
 */
export function copyRequests(files: readonly LayerFile[], source: string): readonly WrittenFile[] {
  if (files.length === 0) return [];
  const root = treeOf(files);
  return [{ copy: source, to: '/' }, ...requestsBelow(root, plain, source)];
}

/** What those requests make of each folder that they copy, by path. */
export function copiedFolders(
  files: readonly LayerFile[],
  requests: readonly WrittenFile[],
): ReadonlyMap<ImagePath, FolderAttributes> {
  const folders = new Map<ImagePath, FolderAttributes>();
  const all = foldersOf(treeOf(files));
  for (const request of requests) {
    if (!('copy' in request)) continue;
    const { uid, gid, umask } = styleOf(request);
    for (const path of all) {
      if (request.to === '/' || path === request.to || path.startsWith(`${request.to}/`)) {
        folders.set(path, { uid, gid, mode: 0o777 & ~umask });
      }
    }
  }
  return folders;
}

function foldersOf({ path, folders }: CopiedFolder): readonly ImagePath[] {
  return [...(path === '' ? [] : [path]), ...[...folders.values()].flatMap(foldersOf)];
}

function styleOf({ owner, umask }: Extract<WrittenFile, { copy: string }>): Style {
  const [uid = 0, gid = uid] = String(owner ?? 0)
    .split(':')
    .map(Number);
  return { uid, gid, umask: typeof umask === 'string' ? Number.parseInt(umask, 8) : (umask ?? plain.umask) };
}

function treeOf(files: readonly LayerFile[]): CopiedFolder {
  const root: CopiedFolder = { path: '', folders: new Map(), files: [] };
  for (const file of files) {
    let folder = root;
    for (const name of file.header.name.split('/').slice(0, -1)) {
      const next = folder.folders.get(name) ?? { path: `${folder.path}/${name}`, folders: new Map(), files: [] };
      folder.folders.set(name, next);
      folder = next;
    }
    folder.files.push(file);
  }
  return root;
}

function requestsBelow(folder: CopiedFolder, above: Style, source: string): readonly WrittenFile[] {
  const [only] = folder.folders.values();
  if (only !== undefined && folder.folders.size === 1 && folder.files.length === 0) {
    return requestsBelow(only, above, source);
  }
  const style = folder.path === '' ? above : mostOf(folder, above);
  const own: WrittenFile[] = isSame(style, above)
    ? []
    : [{ copy: `${source}${folder.path}`, to: folder.path, ...ownerOf(style), umask: octalMode(style.umask) }];
  for (const { header } of folder.files) {
    if (fits(header, style)) continue;
    const mode = header.type === 'symlink' ? {} : { mode: octalMode(header.mode) };
    own.push({ copy: `${source}/${header.name}`, to: `/${header.name}`, ...ownerOf(header), ...mode });
  }
  return [...own, ...[...folder.folders.values()].flatMap((child) => requestsBelow(child, style, source))];
}

/** The style of most files of a folder; that of the folder above where as many have it, or there is one file. */
function mostOf(folder: CopiedFolder, above: Style): Style {
  const styles = new Map<string, { readonly style: Style; count: number }>();
  count(folder, above, styles);
  const most = [...styles.values()].reduce<{ readonly style: Style; readonly count: number } | undefined>(
    (best, one) => (best === undefined || one.count > best.count ? one : best),
    undefined,
  );
  return most === undefined || most.count < 2 || (styles.get(keyOf(above))?.count ?? 0) >= most.count
    ? above
    : most.style;
}

function count(
  folder: CopiedFolder,
  above: Style,
  styles: Map<string, { readonly style: Style; count: number }>,
): void {
  for (const { header } of folder.files) {
    // Of several umasks that would do, the one above is no change.
    const umask = [above.umask, ...umasks].find((one) =>
      fits(header, { uid: header.uid, gid: header.gid, umask: one }),
    );
    if (umask === undefined) continue;
    const style = { uid: header.uid, gid: header.gid, umask };
    const known = styles.get(keyOf(style)) ?? { style, count: 0 };
    known.count += 1;
    styles.set(keyOf(style), known);
  }
  for (const child of folder.folders.values()) count(child, above, styles);
}

function keyOf({ uid, gid, umask }: Style): string {
  return `${uid}:${gid}:${umask}`;
}

function isSame(one: Style, other: Style): boolean {
  return keyOf(one) === keyOf(other);
}

function fits({ type, uid, gid, mode }: LayerFile['header'], style: Style): boolean {
  const all = (mode & 0o100) === 0 ? 0o666 : 0o777;
  return uid === style.uid && gid === style.gid && (type === 'symlink' || (all & ~style.umask) === mode);
}

/** A request without an owner is root's. */
function ownerOf({ uid, gid }: Owned): { readonly owner?: string } {
  return uid === 0 && gid === 0 ? {} : { owner: `${uid}:${gid}` };
}

/** As recipes write modes. */
export function octalMode(mode: number): string {
  return mode.toString(8).padStart(mode > 0o777 ? 4 : 3, '0');
}
