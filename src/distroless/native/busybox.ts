import { CinzelError } from '../../core/errors.ts';
import type { FileGroup } from '../files.ts';
import { bytesFile, symlink } from '../files.ts';
import { type OpenedPackage, packageGroup } from '../packages/package-files.ts';

const place = '/busybox';

/**
 * BusyBox apart from everything else, under /busybox, with a link for each of its commands: what its package would put
 * into bin, so that the image without it differs by one folder.
 */
export function busyboxGroup(opened: OpenedPackage): FileGroup {
  const binary = opened.content.files.find(({ header }) => /^(usr\/)?bin\/busybox$/.test(header.name));
  const licence = opened.content.files.filter(({ header }) => header.name.endsWith('/copyright'));
  if (binary === undefined) {
    throw new CinzelError('untrusted.malformed', { what: opened.locked.filename, problem: 'it has no busybox' });
  }
  const links = appletsOf(Buffer.from(binary.content))
    .filter((name) => name !== 'busybox')
    .map((name) => symlink(`${place}/${name}`, `${place}/busybox`));
  return packageGroup(opened, [bytesFile(`${place}/busybox`, binary.content, { mode: 0o755 }), ...links, ...licence]);
}

/** The commands that the program has: a sorted table of names, each ended by NUL, that begins with `[` and `[[`. */
function appletsOf(binary: Buffer): readonly string[] {
  const start = binary.indexOf('[\0[[\0', 0, 'latin1');
  if (start < 0) return [];
  const names: string[] = [];
  for (let at = start; ; ) {
    const end = binary.indexOf(0, at);
    const name = binary.toString('latin1', at, end);
    const last = names.at(-1);
    if (!/^[\w[.+-]+$/.test(name) || (last !== undefined && name <= last)) return names;
    names.push(name);
    at = end + 1;
  }
}
