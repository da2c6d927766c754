import { compareText } from '../../core/compare-text.ts';
import { debMembers } from '../../formats/deb.ts';
import type { TarHeader } from '../../formats/tar/model.ts';
import { tarEntries } from '../../formats/tar/read.ts';
import type { ArchivePackage } from './archive.ts';

/** A file of a layer with its content; a later one of the same path replaces an earlier. */
export interface UnpackedFile {
  readonly header: TarHeader;
  readonly content: Uint8Array;
}

/** What unpacking a package gives: its files, and what dpkg's database would say of it. */
export interface UnpackedPackage {
  readonly name: string;
  readonly files: readonly UnpackedFile[];
  /** The stanza of /var/lib/dpkg/status. */
  readonly status: string;
}

/** Folders that a merged system has under /usr only (wiki.debian.org/UsrMerge). */
const merged = /^(bin|sbin|lib|lib32|lib64|libx32)(?=\/|$)/;

/**
 * Unpacks a package as dpkg would, but for its maintainer scripts, which are never run: its files laid out for a
 * merged /usr, and its records for dpkg's database.
 */
export async function unpackPackage(found: ArchivePackage, deb: AsyncIterable<Uint8Array>): Promise<UnpackedPackage> {
  const control = new Map<string, Buffer>();
  const files: UnpackedFile[] = [];
  for await (const member of debMembers(deb)) {
    for await (const { header, bytes = Buffer.alloc(0) } of tarEntries(member.tar, { wants: () => true })) {
      const name = header.name.replace(/^\.?\/+/, '').replace(/\/$/, '');
      if (name === '' || name === '.') continue;
      if (member.kind === 'control') control.set(name, bytes);
      else files.push({ header: placed(header, name), content: bytes });
    }
  }
  const usable = files.filter(
    ({ header }) => !(header.type === 'directory' && merged.test(header.name) && !header.name.includes('/')),
  );
  return {
    name: found.name,
    files: [...usable, ...records(found, control, usable)],
    status: statusStanza(control.get('control')?.toString('utf8') ?? ''),
  };
}

function placed(header: TarHeader, name: string): TarHeader {
  const underUsr = (path: string): string => path.replace(merged, 'usr/$1');
  const link = header.type === 'hardlink' ? underUsr((header.link ?? '').replace(/^\.?\/+/, '')) : header.link;
  return { ...header, name: underUsr(name), ...(link === undefined ? {} : { link }) };
}

function records(
  found: ArchivePackage,
  control: ReadonlyMap<string, Buffer>,
  files: readonly UnpackedFile[],
): readonly UnpackedFile[] {
  const sameArchitecture = /^Multi-Arch: *same$/m.test(control.get('control')?.toString('utf8') ?? '');
  const name = sameArchitecture ? `${found.name}:${found.architecture}` : found.name;
  const list = ['/.', ...files.map(({ header }) => `/${header.name}`)].sort(compareText);
  const info = [
    ['list', Buffer.from(`${list.join('\n')}\n`)] as const,
    ...['md5sums', 'conffiles'].flatMap((kind) => {
      const content = control.get(kind);
      return content === undefined ? [] : [[kind, content] as const];
    }),
  ];
  return info.map(([kind, content]) => databaseFile(`var/lib/dpkg/info/${name}.${kind}`, content));
}

/** A file of dpkg's database. */
export function databaseFile(name: string, content: Uint8Array): UnpackedFile {
  return { header: { name, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 0 }, content };
}

function statusStanza(control: string): string {
  return control.trimEnd().replace(/^(Package: .*)$/m, '$1\nStatus: install ok installed');
}
