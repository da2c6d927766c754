import { CinzelError } from '../../core/errors.ts';
import { defaultLimits } from '../../core/limits.ts';
import { normalizePath } from '../../core/path.ts';
import type { Problem } from '../../core/problems.ts';
import { debMembers } from '../../formats/deb.ts';
import type { TarContent, TarHeader } from '../../formats/tar/model.ts';
import { TarParser } from '../../formats/tar/parser.ts';
import { expandSparse } from '../../formats/tar/read.ts';

/** A file of a .deb; its path is clean and relative to the root. */
export interface DebFile {
  readonly header: TarHeader;
  readonly content: Uint8Array;
}

/** What a .deb holds; paths are relative to the root and clean, the root itself left out. */
export interface DebContent {
  /** `control`, `md5sums`, `conffiles`, `postinst` …, by name. */
  readonly control: ReadonlyMap<string, DebFile>;
  readonly files: readonly DebFile[];
}

/** The two archives of a .deb, decompressed. */
export interface DebArchives {
  readonly control: Uint8Array;
  readonly data: Uint8Array;
}

/** Bytes of one decompressed archive of a package: well over the largest that Debian has. */
const archiveBytes = 4 * 1024 ** 3;
const { ratio, ratioFloor } = defaultLimits;

/** Decompresses the archives of a .deb. Throws `untrusted.*` when it is none, or over the bound. */
export async function decompressDeb(deb: Uint8Array, what: string): Promise<DebArchives> {
  const archives: Record<keyof DebArchives, Uint8Array> = { control: new Uint8Array(), data: new Uint8Array() };
  for await (const member of debMembers(once(deb), { maxBytes: archiveBytes, ratio, ratioFloor, what })) {
    archives[member.kind] = await collect(member.tar);
  }
  return archives;
}

/**
 * Reads the archives of a .deb; contents are views of them. Throws `untrusted.malformed` for a path that leaves the
 * root, comes twice or lies under one that is no folder, and for a hard link to what is not there.
 */
export function readDeb({ control, data }: DebArchives, what: string): DebContent {
  const controlFiles = readTar(control, what);
  return { control: new Map(controlFiles.map((file) => [file.header.name, file])), files: readTar(data, what) };
}

/** The files of a tar archive, with the same checks. */
export function readTar(bytes: Uint8Array, what: string): readonly DebFile[] {
  const tar = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, DebFile>();
  const add = (header: TarHeader, content: TarContent): void => {
    const clean = placed(header, what);
    if (clean.name === '') return;
    if (files.has(clean.name) && clean.type !== 'directory') throw malformed(what, { kind: 'twice', name: clean.name });
    files.set(clean.name, { header: clean, content: contentOf(tar, header, content) });
  };
  const parser = new TarParser({
    entry: add,
    dropped: (name, problem) => {
      throw malformed(what, { kind: 'at', place: name, problem });
    },
  });
  while (!parser.done) {
    const block = tar.subarray(parser.position, parser.position + parser.length);
    if (block.length < parser.length) {
      if (block.length === 0 && parser.complete) break;
      throw new CinzelError('untrusted.truncated', { what });
    }
    parser.accept(block);
  }
  for (const { header } of files.values()) checkPlace(header, files, what);
  return [...files.values()];
}

/** A link, and a file under it: where that would be written is the link's word, not the path's. */
function checkPlace({ name, type, link = '' }: TarHeader, files: ReadonlyMap<string, DebFile>, what: string): void {
  for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
    const parent = files.get(name.slice(0, slash))?.header.type ?? 'directory';
    if (parent !== 'directory') throw malformed(what, { kind: 'under-no-folder', name });
  }
  if (type === 'hardlink' && files.get(link)?.header.type !== 'file') {
    throw malformed(what, { kind: 'link-outside', name, link });
  }
}

function contentOf(tar: Buffer, header: TarHeader, content: TarContent): Uint8Array {
  if (header.type !== 'file') return new Uint8Array();
  const stored = tar.subarray(content.offset, content.offset + content.stored);
  if (stored.length < content.stored) throw new CinzelError('untrusted.truncated', { what: header.name });
  return expandSparse(header, content, stored);
}

function placed(header: TarHeader, what: string): TarHeader {
  const { link, ...rest } = header;
  const name = inside(header.name, what);
  if (link === undefined) return { ...rest, name };
  return { ...rest, name, link: header.type === 'hardlink' ? inside(link, what) : link };
}

function inside(name: string, what: string): string {
  const path = name.split('/').includes('..') ? undefined : normalizePath(name);
  if (path === undefined) throw malformed(what, { kind: 'unsafe-path', text: name });
  return path.replace(/^\//, '');
}

function malformed(what: string, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what, problem });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
