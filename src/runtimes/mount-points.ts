import { normalizePath, parentPath } from '../core/path.ts';
import type { TarHeader } from '../formats/tar/model.ts';
import type { ImageConfig } from '../image/model.ts';
import type { RootFile } from './model.ts';

/** What a runtime puts its own over. */
const folders = ['/proc', '/sys', '/dev'];
const files = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];
const none = new Uint8Array();

/**
 * The files with plain folders and files where the runtime mounts something, as those of an image may be links that lead
 * out of it, and with the folders that the configuration names and that engines make.
 */
export async function* withMountPoints(
  source: AsyncIterable<RootFile> | Iterable<RootFile>,
  { workingDir, volumes = [] }: ImageConfig,
): AsyncGenerator<RootFile> {
  const folderNames = new Set<string>(['/']);
  const taken = new Set<string>();
  let etcIsFolder = false;
  for await (const file of source) {
    const path = normalizePath(`/${file.header.name}`) ?? '/';
    if ([...folders, ...files].some((point) => path === point || path.startsWith(`${point}/`))) continue;
    if (path === '/etc' && file.header.type !== 'directory') continue;
    if (path === '/etc') etcIsFolder = true;
    taken.add(path);
    if (file.header.type === 'directory') folderNames.add(path);
    yield file;
  }
  for (const path of folders) yield plainFolder(path);
  if (!etcIsFolder) yield plainFolder('/etc');
  for (const path of files) yield plainFile(path);
  for (const text of [workingDir ?? '/', ...volumes]) {
    const path = normalizePath(`/${text}`);
    if (path !== undefined) yield* missingFolders(path, { taken, folderNames });
  }
}

/** The folders that lead to the path, where each can be made; what a link leads to is left as it is. */
function* missingFolders(
  path: string,
  known: { readonly taken: Set<string>; readonly folderNames: ReadonlySet<string> },
): Generator<RootFile> {
  const way: string[] = [];
  for (let at = path; !known.folderNames.has(at); at = parentPath(at)) {
    if (known.taken.has(at)) return;
    way.unshift(at);
  }
  for (const one of way) {
    known.taken.add(one);
    yield plainFolder(one);
  }
}

function plainFolder(path: string): RootFile {
  return { header: header(path, 'directory', 0o755), content: none };
}

function plainFile(path: string): RootFile {
  return { header: header(path, 'file', 0o644), content: none };
}

function header(path: string, type: 'file' | 'directory', mode: number): TarHeader {
  return { name: path.slice(1), type, mode, uid: 0, gid: 0, size: 0, mtime: 0 };
}
