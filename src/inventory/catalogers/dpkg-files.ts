import { decodeName, type ImagePath, normalizePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { OwnedFile } from '../model.ts';
import { type Diversions, diversionOf } from './dpkg-diversions.ts';

interface RecordedPackage {
  readonly name: string;
  readonly architecture?: string;
}

/** The files that a package brought, where they are: what is diverted lies elsewhere than its list says. */
export async function ownedFiles(
  found: RecordedPackage,
  evidence: ImagePath,
  filesystem: Filesystem,
  diversions: Diversions,
): Promise<readonly OwnedFile[]> {
  return (await recordedFiles(found, evidence, filesystem)).map((file) => {
    const path = diversionOf(diversions, file.path, found.name);
    return path === file.path ? file : { ...file, path };
  });
}

async function recordedFiles(
  { name, architecture }: RecordedPackage,
  evidence: ImagePath,
  filesystem: Filesystem,
): Promise<readonly OwnedFile[]> {
  if (evidence.startsWith('/var/lib/dpkg/status.d/')) {
    const sums = await readText(filesystem, `${evidence}.md5sums`);
    return [...parseSums(sums ?? '')].map(([path, hash]) => ({ path, hash }));
  }
  for (const base of infoFiles(name, architecture)) {
    const list = await readText(filesystem, `${base}.list`);
    if (list === undefined) continue;
    const sums = parseSums((await readText(filesystem, `${base}.md5sums`)) ?? '');
    return listedFiles(list, sums, filesystem);
  }
  return [];
}

/** Only packages that can be installed for several architectures at once have the architecture in their files' names. */
function infoFiles(name: string, architecture: string | undefined): readonly string[] {
  const base = `/var/lib/dpkg/info/${name}`;
  return architecture === undefined ? [base] : [base, `${base}:${architecture}`];
}

/** The files of a list, which names folders too: each before what it holds. */
function listedFiles(list: string, sums: ReadonlyMap<ImagePath, string>, filesystem: Filesystem): OwnedFile[] {
  const paths = list.split('\n').flatMap((line) => (line.startsWith('/') ? (normalizePath(line) ?? []) : []));
  const files: OwnedFile[] = [];
  for (const [index, path] of paths.entries()) {
    const hash = sums.get(path);
    if (hash !== undefined) files.push({ path, hash });
    else if (!holdsNext(path, paths[index + 1]) && filesystem.get(path)?.type !== 'directory') files.push({ path });
  }
  return files;
}

function holdsNext(path: ImagePath, next: ImagePath | undefined): boolean {
  return path === '/' || next?.startsWith(`${path}/`) === true;
}

/** Lines of `md5  path`, the path without its leading slash (deb-md5sums(5)). */
function parseSums(text: string): Map<ImagePath, string> {
  const sums = new Map<ImagePath, string>();
  for (const line of text.split('\n')) {
    const path = line.length > 34 && /^[0-9a-f]{32} [ *]/.test(line) ? normalizePath(`/${line.slice(34)}`) : undefined;
    if (path !== undefined) sums.set(path, `md5:${line.slice(0, 32)}`);
  }
  return sums;
}

async function readText(filesystem: Filesystem, path: ImagePath): Promise<string | undefined> {
  const bytes = await filesystem.read(path);
  return bytes && decodeName(bytes);
}
