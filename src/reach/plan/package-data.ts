import { decodeName, type ImagePath, normalizePath, parentPath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { Package } from '../../inventory/model.ts';
import { isDistributionType } from '../../inventory/package-id.ts';
import type { KeptPaths } from './kept-paths.ts';

/** What dpkg needs to understand its lists; small, and kept as it is. */
const dpkgTables = ['/var/lib/dpkg/arch', '/var/lib/dpkg/diversions', '/var/lib/dpkg/info/format'];

/** Keeps what tells and licenses a package of which code or data is kept, and the folders that it writes to. */
export async function keepPackageData(one: Package, filesystem: Filesystem, kept: KeptPaths): Promise<void> {
  const paths = one.evidence.map(({ path }) => path);
  if (!isDistributionType(one.type)) {
    for (const path of paths) keepMetadata(path, filesystem, kept);
  } else if (one.type === 'deb') {
    keepRecords(one, kept);
    await keepLicence(one, filesystem, kept);
    await keepFolders(one, filesystem, kept);
  } else for (const path of paths) kept.addLinked(path, { reason: 'record' });
}

function infoFiles({ name, architecture }: Package, kind: string): readonly ImagePath[] {
  const base = `/var/lib/dpkg/info/${name}`;
  return [`${base}.${kind}`, `${base}:${architecture ?? ''}.${kind}`];
}

function keepRecords(one: Package, kept: KeptPaths): void {
  const paths = one.evidence.flatMap(({ path }) =>
    path.startsWith('/var/lib/dpkg/status.d/')
      ? [path, `${path}.md5sums`]
      : [path, ...infoFiles(one, 'list'), ...infoFiles(one, 'md5sums'), ...dpkgTables],
  );
  for (const path of paths) kept.addLinked(path, { reason: 'record' });
}

/** The copyright file, and the licences that it names instead of repeating them (Debian Policy 12.5). */
async function keepLicence({ name }: Package, filesystem: Filesystem, kept: KeptPaths): Promise<void> {
  const path = `/usr/share/doc/${name}/copyright`;
  if (kept.addLinked(path, { reason: 'licence' })?.type !== 'file') return;
  const text = decodeName((await filesystem.read(path)) ?? new Uint8Array());
  for (const [, licence = ''] of text.matchAll(/\/usr\/share\/common-licenses\/([\w+-]+(?:\.\d+)*)/g)) {
    kept.addLinked(`/usr/share/common-licenses/${licence}`, { reason: 'licence', from: path });
  }
}

/** Folders below /var and /srv that the package brings are there for its programs to write to. */
async function keepFolders(one: Package, filesystem: Filesystem, kept: KeptPaths): Promise<void> {
  for (const list of infoFiles(one, 'list')) {
    const bytes = await filesystem.read(list);
    if (bytes === undefined) continue;
    for (const line of decodeName(bytes).split('\n')) {
      const path = /^\/(?:var|srv)\//.test(line) ? normalizePath(line) : undefined;
      const entry = path === undefined ? undefined : filesystem.resolve(path);
      if (entry?.type === 'directory') kept.add(entry.path, { reason: 'writable', detail: one.name });
    }
  }
}

/** A Python distribution says what it is in a folder of its own, with its entry points and licences. */
function keepMetadata(path: ImagePath, filesystem: Filesystem, kept: KeptPaths): void {
  kept.addLinked(path, { reason: 'metadata' });
  const folder = parentPath(path);
  if (!/\.(?:dist|egg)-info$/.test(folder)) return;
  for (const { path: sibling, type } of filesystem.list(folder)) {
    if (type === 'file') kept.add(sibling, { reason: 'metadata' });
  }
}
