import type { TarHeader } from '../../formats/tar/model.ts';

/** Folders that a merged system has under /usr only (wiki.debian.org/UsrMerge). */
const merged = /^(bin|sbin|lib|lib32|lib64|libx32)(?=\/)/;
const folder = /^(bin|sbin|lib|lib32|lib64|libx32)$/;

/** Where a path below such a folder is on a merged system. */
export function underUsr(path: string): string {
  return path.replace(merged, 'usr/$1');
}

/** The header as a system with a merged /usr has it; undefined for the folders that are links there. */
export function mergeUsr(header: TarHeader): TarHeader | undefined {
  if (header.type === 'directory' && folder.test(header.name)) return undefined;
  const name = underUsr(header.name);
  // What a symbolic link says is followed through the links, so it may stay; a hard link names an entry of the archive.
  if (header.type !== 'hardlink' || header.link === undefined) return { ...header, name };
  return { ...header, name, link: underUsr(header.link) };
}
