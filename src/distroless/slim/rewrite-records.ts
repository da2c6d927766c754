import { baseName, decodeName, encodeName, type ImagePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { type Diversions, diversionOf, readDiversions } from '../../inventory/catalogers/dpkg-diversions.ts';
import { realPaths } from '../../inventory/real-paths.ts';
import type { Plan } from '../../reach/plan/model.ts';
import { rewriteApkDatabase } from './apk-database.ts';
import { rewriteList, rewriteSums } from './dpkg-lists.ts';
import { type ListedPackage, rewriteStatus } from './dpkg-status.ts';

/** Package managers' records that a plan keeps, with what they say once the rest is gone. */
export async function rewriteRecords(plan: Plan, filesystem: Filesystem): Promise<ReadonlyMap<ImagePath, Uint8Array>> {
  const rewrite = recordRewriter(plan, filesystem, await readDiversions(filesystem));
  const rewritten = new Map<ImagePath, Uint8Array>();
  for (const entry of plan.entries) {
    if (entry.fate !== 'kept' || entry.reason !== 'record' || entry.type === 'directory') continue;
    const bytes = await filesystem.read(entry.path);
    const text = bytes === undefined ? undefined : rewrite(entry.path, decodeName(bytes));
    if (text !== undefined) rewritten.set(entry.path, encodeName(text));
  }
  return rewritten;
}

/** Gives the new text of a record; undefined for one that stays as it is. */
function recordRewriter(
  plan: Plan,
  filesystem: Filesystem,
  diversions: Diversions,
): (path: ImagePath, text: string) => string | undefined {
  const kept = new Set(plan.entries.flatMap(({ path, fate }) => (fate === 'kept' ? [path] : [])));
  const realPath = realPaths(filesystem);
  const isKeptOf = (name: string) => (path: ImagePath) => kept.has(realPath(diversionOf(diversions, path, name)));
  const debs = listedOf(plan, 'deb');
  const apks = listedOf(plan, 'apk');
  return (path, text) => {
    const [, name = '', kind] = /^(.*?)(?::[^:.]*)?\.(list|md5sums)$/.exec(baseName(path)) ?? [];
    if (path.endsWith('/apk/db/installed')) return rewriteApkDatabase(text, apks, isKeptOf(''));
    if (!path.startsWith('/var/lib/dpkg/')) return undefined;
    if (kind === 'list') return rewriteList(text, isKeptOf(name));
    if (kind === 'md5sums') return rewriteSums(text, isKeptOf(name));
    return path === '/var/lib/dpkg/status' || path.startsWith('/var/lib/dpkg/status.d/')
      ? rewriteStatus(text, debs)
      : undefined;
  };
}

function listedOf({ packages }: Plan, type: 'deb' | 'apk'): ListedPackage {
  const listed = new Map(
    packages.flatMap((one) =>
      one.type === type && one.fate !== 'dropped' ? [[`${one.name}\0${one.architecture ?? ''}`, one.files]] : [],
    ),
  );
  return (name, architecture) => listed.get(`${name}\0${architecture ?? ''}`);
}
