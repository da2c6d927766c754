import type { TarHeader } from '../formats/tar/model.ts';

/** A file of an image to be; its path is relative to the root, `./` for the root itself. */
export interface LayerFile {
  readonly header: TarHeader;
  readonly content: Uint8Array;
}

/** Files that come from one place and stay in one layer. */
export interface FileGroup {
  readonly kind: 'package' | 'system' | 'application';
  /** For people: the package and its version, or what made the files. */
  readonly label: string;
  /** The source package; groups of one source share a layer. */
  readonly source?: string;
  /** Of a package: its name, its version, and what its field Replaces says. */
  readonly name?: string;
  readonly version?: string;
  readonly replaces?: string;
  /** What an image below has at a path of these files stays. */
  readonly yields?: boolean;
  readonly files: readonly LayerFile[];
}

const none = new Uint8Array();

interface Attributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

export function textFile(path: string, text: string, { mode = 0o644, uid = 0, gid = 0 }: Attributes = {}): LayerFile {
  return bytesFile(path, Buffer.from(text), { mode, uid, gid });
}

export function bytesFile(path: string, content: Uint8Array, attributes: Attributes = {}): LayerFile {
  const { mode = 0o644, uid = 0, gid = 0 } = attributes;
  return { header: { name: relative(path), type: 'file', mode, uid, gid, size: content.length, mtime: 0 }, content };
}

export function folder(path: string, { mode = 0o755, uid = 0, gid = 0 }: Attributes = {}): LayerFile {
  return {
    header: { name: relative(path), type: 'directory', mode, uid, gid, size: 0, mtime: 0 },
    content: none,
  };
}

export function symlink(path: string, target: string, { uid = 0, gid = 0 }: Attributes = {}): LayerFile {
  return {
    header: { name: relative(path), type: 'symlink', mode: 0o777, uid, gid, size: 0, mtime: 0, link: target },
    content: none,
  };
}

/** An absolute path as archives of layers have it. */
function relative(path: string): string {
  return path === '/' ? './' : path.replace(/^\/+/, '').replace(/\/+$/, '');
}
