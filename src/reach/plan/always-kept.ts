import type { ImagePath } from '../../core/path.ts';
import type { FileEntry, Filesystem } from '../../filesystem/model.ts';
import type { ImageConfig } from '../../image/model.ts';
import type { KeptPaths } from './kept-paths.ts';
import type { KeepReason } from './model.ts';

/** Folders that programs and container engines expect (Filesystem Hierarchy Standard 3.0, chapters 3 and 5). */
const expected: ReadonlySet<ImagePath> = new Set(
  '/dev /home /proc /root /run /run/lock /sys /tmp /var/cache /var/lib /var/lock /var/log /var/run /var/spool /var/tmp'.split(
    ' ',
  ),
);

const distributionFiles: readonly ImagePath[] = [
  '/etc/os-release',
  '/usr/lib/os-release',
  '/etc/alpine-release',
  '/etc/debian_version',
  '/etc/lsb-release',
];

const managers = /^\/(?:usr\/)?lib\/apk\/|^\/var\/(?:lib|cache)\/(?:apk|apt|dpkg|debconf)(?:\/|$)/;
const systemData = /^\/(?:usr|etc|boot|s?bin|lib\w*|dev|proc|sys)(?:\/|$)/;
/** RPM's databases, which are kept as they are: they then name packages that are gone, but hide none. */
const rpmDatabase = /^\/(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm|usr\/share\/rpm)\//;

/** Keeps what no file asks for and what containers and scanners nevertheless need. */
export function keepAlways(filesystem: Filesystem, { volumes = [] }: ImageConfig, kept: KeptPaths): void {
  for (const path of distributionFiles) kept.addLinked(path, { reason: 'distribution' });
  for (const path of volumes) kept.addLinked(path, { reason: 'writable' });
  for (const entry of filesystem.entries()) {
    const reason = reasonFor(entry, filesystem);
    if (reason !== undefined) kept.add(entry.path, { reason });
  }
}

function reasonFor(entry: FileEntry, filesystem: Filesystem): KeepReason | undefined {
  const { path, type } = entry;
  if (type === 'character' || type === 'block' || type === 'fifo')
    return path.startsWith('/dev/') ? 'device' : undefined;
  if (rpmDatabase.test(path)) return 'record';
  if (expected.has(path)) return 'writable';
  // Images lead logs to the terminal by links.
  if (type === 'symlink') return path.startsWith('/var/log/') ? 'writable' : undefined;
  return type === 'directory' && isWritable(entry, filesystem) ? 'writable' : undefined;
}

/** A home, a folder of some service's user, or an empty one that somebody made. */
function isWritable({ path, uid, gid, mode, layer }: FileEntry, filesystem: Filesystem): boolean {
  if (managers.test(path)) return false;
  if (/^\/home\/[^/]+$/.test(path) || uid !== 0 || (mode & 0o002) !== 0) return true;
  if (systemData.test(path)) return false;
  return gid !== 0 || (layer > 0 && filesystem.list(path).length === 0);
}
