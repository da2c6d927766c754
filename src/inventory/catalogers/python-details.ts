import { isCinzelError } from '../../core/errors.ts';
import { asObject, asString, type JsonObject, parseJson } from '../../core/json.ts';
import { decodeName, type ImagePath, joinPath, normalizePath, parentPath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { parseCsv } from '../../formats/csv.ts';
import type { CatalogedPackage, CatalogView, PackageDetail } from '../cataloger.ts';
import type { OwnedFile } from '../model.ts';

/** Globs of what pythonDetails reads. */
export const pythonDetailFiles: readonly string[] = [
  '**/*.dist-info/RECORD',
  '**/*.dist-info/direct_url.json',
  '**/*.egg-info/installed-files.txt',
];

/** Files by RECORD or installed-files.txt, and by direct_url.json where a distribution came from. */
export function pythonDetails({
  filesystem,
}: CatalogView): (found: CatalogedPackage, evidence: ImagePath) => Promise<PackageDetail> {
  return async ({ location = '/' }, evidence) => {
    const folder = parentPath(evidence);
    if (!folder.endsWith('.dist-info')) return { files: await filesOfEgg(evidence, filesystem) };
    const record = await readText(joinPath(folder, 'RECORD'), filesystem);
    const origin = originOf(await readText(joinPath(folder, 'direct_url.json'), filesystem));
    return {
      ...(record === undefined ? {} : filesOfRecord(record, location)),
      ...(origin === undefined ? {} : { origin }),
    };
  };
}

/** Rows of path, hash and size; the path is relative to the folder on Python's path (PEP 376, "RECORD"). */
function filesOfRecord(record: string, location: ImagePath): Pick<PackageDetail, 'files' | 'installedSize'> {
  const files: OwnedFile[] = [];
  let installedSize = 0;
  for (const [name = '', hash = '', size = ''] of parseCsv(record)) {
    const path = pathFrom(location, name);
    if (path === undefined) continue;
    const digest = hashOf(hash);
    files.push({ path, ...(digest === undefined ? {} : { hash: digest }) });
    installedSize += /^\d{1,15}$/.test(size) ? Number(size) : 0;
  }
  return { files, installedSize };
}

/** `sha256=` and URL-safe Base64 without padding (PEP 427). */
function hashOf(field: string): string | undefined {
  const [, algorithm, digits] = /^(sha256|sha384|sha512|md5|sha1)=([\w-]+)$/.exec(field) ?? [];
  return digits === undefined ? undefined : `${algorithm}:${Buffer.from(digits, 'base64url').toString('hex')}`;
}

/**
 * An `.egg` folder owns what is in it. installed-files.txt is relative to its own folder; a distribution that is one
 * file owns at least that.
 */
async function filesOfEgg(evidence: ImagePath, filesystem: Filesystem): Promise<readonly OwnedFile[]> {
  const egg = /^(.*\.egg)\/EGG-INFO\/PKG-INFO$/.exec(evidence)?.[1];
  if (egg !== undefined) return [...filesUnder(egg, filesystem)];
  const folder = parentPath(evidence);
  const list = folder.endsWith('.egg-info') ? await readText(joinPath(folder, 'installed-files.txt'), filesystem) : '';
  const listed = (list ?? '').split('\n').flatMap((name) => (name === '' ? [] : (pathFrom(folder, name.trim()) ?? [])));
  return [...new Set([evidence, ...listed])].map((path) => ({ path }));
}

function* filesUnder(folder: ImagePath, filesystem: Filesystem): Generator<OwnedFile> {
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const { path, type } of filesystem.list(next)) {
      if (type === 'directory') folders.push(path);
      else yield { path };
    }
  }
}

function pathFrom(folder: ImagePath, name: string): ImagePath | undefined {
  return normalizePath(name.startsWith('/') ? name : `${folder}/${name}`);
}

/**
 * The URL, with commit where it is a repository (packaging.python.org, "Direct URL Data Structure"). A user name and
 * password that somebody left in it are nobody else's business.
 */
function originOf(text: string | undefined): string | undefined {
  const direct = text === undefined ? undefined : parseObject(text);
  const url = asString(direct?.['url'])?.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
  const vcs = asObject(direct?.['vcs_info']);
  const commit = asString(vcs?.['commit_id']);
  if (url === undefined || url === '' || vcs === undefined) return url === '' ? undefined : url;
  return `${asString(vcs['vcs']) ?? 'git'}+${url}${commit === undefined ? '' : `@${commit}`}`;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(parseJson(text, 'direct_url.json'));
  } catch (error) {
    if (isCinzelError(error, 'untrusted.malformed')) return undefined;
    throw error;
  }
}

async function readText(path: ImagePath, filesystem: Filesystem): Promise<string | undefined> {
  const bytes = await filesystem.read(path);
  return bytes && decodeName(bytes);
}
