import { type Digest, sha256 } from '../../core/digest.ts';
import { decodeName, type ImagePath, normalizePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { CatalogedPackage, CatalogView, PackageDetail } from '../cataloger.ts';
import { licensesOfCopyright } from '../licenses/debian-copyright.ts';
import { licenseIds } from '../licenses/license-ids.ts';
import type { OwnedFile } from '../model.ts';
import { diversionOf, parseDiversions } from './dpkg-diversions.ts';

const diversionsPath = '/var/lib/dpkg/diversions';

/** Globs of what dpkgDetails reads. */
export const dpkgDetailFiles: readonly string[] = [
  '/var/lib/dpkg/info/*.list',
  '/var/lib/dpkg/info/*.md5sums',
  '/var/lib/dpkg/status.d/*.md5sums',
  diversionsPath,
  '/usr/share/doc/*/copyright',
];

/** A copyright file beyond this is not worth the time; the longest in Debian 12 has 2.4 MB (chromium). */
const maximumCopyright = 4 * 1024 ** 2;

/** The files that dpkg says a package owns, and the licences of its copyright file. */
export function dpkgDetails({
  filesystem,
}: CatalogView): (found: CatalogedPackage, evidence: ImagePath) => Promise<PackageDetail> {
  const reading = readText(filesystem, diversionsPath).then((text) => parseDiversions(text ?? ''));
  const licensesOf = licenseReader(filesystem);
  return async (found, evidence) => {
    const diversions = await reading;
    const files = (await ownedFiles(found, evidence, filesystem)).map((file) => {
      const path = diversionOf(diversions, file.path, found.name);
      return path === file.path ? file : { ...file, path };
    });
    const licenses = await licensesOf(found.name);
    return { ...(files.length === 0 ? {} : { files }), ...(licenses.length === 0 ? {} : { licenses }) };
  };
}

/** Packages of one source mostly have the same copyright file: each text is understood once. */
function licenseReader(filesystem: Filesystem): (name: string) => Promise<readonly string[]> {
  const known = new Map<Digest, readonly string[]>();
  return async (name) => {
    const path = `/usr/share/doc/${name}/copyright`;
    const size = filesystem.resolve(path)?.size ?? Number.POSITIVE_INFINITY;
    const bytes = size <= maximumCopyright ? await filesystem.read(path) : undefined;
    if (bytes === undefined) return [];
    const digest = sha256(bytes);
    const licenses = known.get(digest) ?? licensesOfCopyright(Buffer.from(bytes).toString('utf8'), await licenseIds());
    known.set(digest, licenses);
    return licenses;
  };
}

async function ownedFiles(
  { name, architecture }: CatalogedPackage,
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
