import { createHash } from 'node:crypto';
import { compareText } from '../../core/compare-text.ts';
import type { TarHeader } from '../../formats/tar/model.ts';
import type { ArchivePackage } from './archive.ts';
import { type DebFile, decompressDeb, readDeb } from './read-deb.ts';

/** What unpacking a package gives: its files, and what dpkg's database would say of it. */
export interface UnpackedPackage {
  readonly name: string;
  readonly files: readonly DebFile[];
  /** The stanza of /var/lib/dpkg/status. */
  readonly status: string;
}

/** Folders that a merged system has under /usr only (wiki.debian.org/UsrMerge). */
const merged = /^(bin|sbin|lib|lib32|lib64|libx32)(?=\/|$)/;

/**
 * Unpacks a package as dpkg would, but for its maintainer scripts, which are never run: its files laid out for a
 * merged /usr, and its records for dpkg's database.
 */
export async function unpackPackage(found: ArchivePackage, deb: Uint8Array): Promise<UnpackedPackage> {
  const { control, files } = readDeb(await decompressDeb(deb, found.filename), found.filename);
  const placedFiles = files.map(({ header, content }) => ({ header: placed(header), content }));
  const usable = placedFiles.filter(
    ({ header }) => !(header.type === 'directory' && merged.test(header.name) && !header.name.includes('/')),
  );
  return {
    name: found.name,
    files: [...usable, ...records(found, control, files)],
    status: statusStanza(control, files),
  };
}

function textOf(file: DebFile | undefined): string {
  return Buffer.from(file?.content ?? []).toString('utf8');
}

function placed(header: TarHeader): TarHeader {
  const underUsr = (path: string): string => path.replace(merged, 'usr/$1');
  const link = header.type === 'hardlink' ? underUsr(header.link ?? '') : header.link;
  return { ...header, name: underUsr(header.name), ...(link === undefined ? {} : { link }) };
}

function records(
  found: ArchivePackage,
  control: ReadonlyMap<string, DebFile>,
  files: readonly DebFile[],
): readonly DebFile[] {
  const sameArchitecture = /^Multi-Arch: *same$/m.test(textOf(control.get('control')));
  const name = sameArchitecture ? `${found.name}:${found.architecture}` : found.name;
  const list = ['/.', ...files.map(({ header }) => `/${header.name}`)].sort(compareText);
  const info = [
    ['list', Buffer.from(`${list.join('\n')}\n`)] as const,
    ...['md5sums', 'conffiles'].flatMap((kind) => {
      const file = control.get(kind);
      return file === undefined ? [] : [[kind, file.content] as const];
    }),
  ];
  return info.map(([kind, content]) => databaseFile(`var/lib/dpkg/info/${name}.${kind}`, content));
}

/** A file of dpkg's database. */
export function databaseFile(name: string, content: Uint8Array): DebFile {
  return { header: { name, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 0 }, content };
}

/** The control file with the state, and the checksums of the configuration files as the package brings them. */
function statusStanza(control: ReadonlyMap<string, DebFile>, files: readonly DebFile[]): string {
  const own = textOf(control.get('control'))
    .trimEnd()
    .replace(/^(Package: .*)$/m, '$1\nStatus: install ok installed');
  const conffiles = textOf(control.get('conffiles'))
    .split('\n')
    .flatMap((path) => {
      const found = files.find(({ header }) => `/${header.name}` === path);
      return found === undefined ? [] : [` ${path} ${createHash('md5').update(found.content).digest('hex')}`];
    });
  return conffiles.length === 0 ? own : [own, 'Conffiles:', ...conffiles].join('\n');
}
