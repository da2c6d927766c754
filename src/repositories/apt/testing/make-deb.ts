import type { TarHeader } from '../../../formats/tar/model.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../../../formats/tar/write.ts';
import { gzipReproducibly } from '../../../image/writer/reproducible-gzip.ts';

/** One entry of a .deb; what is left out is a plain file of root's with mode 0644 (folders 0755, links 0777). */
export interface DebFile extends Partial<Omit<TarHeader, 'name' | 'size'>> {
  /** As the archive shall have it: `./usr/bin/tool`. A name without `./` gets it, unless it is absolute or leaves. */
  readonly name: string;
  readonly content?: string | Uint8Array;
}

export interface DebParts {
  /** The fields of the control file. */
  readonly control: Readonly<Record<string, string>>;
  /** Further members of control.tar: `postinst`, `conffiles`, `md5sums` … */
  readonly controlFiles?: Readonly<Record<string, string>>;
  readonly files?: readonly DebFile[];
}

/** A .deb (deb(5)) with exactly these entries; folders above them are not added. Equal parts give equal bytes, whatever the build of Node. */
export function makeDeb({ control, controlFiles = {}, files = [] }: DebParts): Buffer {
  const controlText = Object.entries(control)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
  const members = Object.entries({ control: controlText, ...controlFiles });
  return makeAr([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', gzipReproducibly(makeTar(members.map(([name, content]) => ({ name, content }))))],
    ['data.tar.gz', gzipReproducibly(makeTar(files))],
  ]);
}

/** An ar archive of these members (ar(5)). */
export function makeAr(members: readonly (readonly [name: string, content: Uint8Array])[]): Buffer {
  const parts = members.flatMap(([name, content]) => {
    const numbers = `${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`;
    const header = `${name.padEnd(16)}${numbers}${String(content.length).padEnd(10)}\`\n`;
    return [Buffer.from(header), content, Buffer.alloc(content.length % 2, '\n')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

/** A tar archive of these entries, in their order. */
export function makeTar(files: readonly DebFile[]): Buffer {
  const parts = files.flatMap(({ name, content = '', ...given }) => {
    const bytes = Buffer.from(content);
    const { type = 'file' } = given;
    const header = { mode: modes[type] ?? 0o644, uid: 0, gid: 0, mtime: 0, ...given, type };
    const placed = /^(\.?\/|\.\.)/.test(name) ? name : `./${name}`;
    return [tarHeaderBlocks({ ...header, name: placed, size: bytes.length }), bytes, tarPadding(bytes.length)];
  });
  return Buffer.concat([...parts, tarEnd]);
}

const modes: Partial<Record<TarHeader['type'], number>> = { directory: 0o755, symlink: 0o777 };
