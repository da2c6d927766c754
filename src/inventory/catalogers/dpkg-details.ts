import { type Digest, sha256 } from '../../core/digest.ts';
import type { ImagePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { CatalogedPackage, CatalogView, PackageDetail } from '../cataloger.ts';
import { licensesOfCopyright } from '../licenses/debian-copyright.ts';
import { licenseIds } from '../licenses/license-ids.ts';
import { diversionsPath, readDiversions } from './dpkg-diversions.ts';
import { ownedFiles } from './dpkg-files.ts';

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
  const reading = readDiversions(filesystem);
  const licensesOf = licenseReader(filesystem);
  return async (found, evidence) => {
    const files = await ownedFiles(found, evidence, filesystem, await reading);
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
