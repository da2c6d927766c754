import { createReadStream } from 'node:fs';
import type { Context } from '../../core/context.ts';
import { CinzelError, faultOf } from '../../core/errors.ts';
import { normalizePath } from '../../core/path.ts';
import { decompress } from '../../formats/decompress.ts';
import type { TarHandler } from '../../formats/tar/parser.ts';
import { type TarEnd, TarStream } from '../../formats/tar/stream.ts';
import { type ImageFiles, lacking } from '../image-files.ts';
import type { LayerBlob, PackedLayers } from '../model.ts';
import { readSlice, type Slice, walkTarFile } from '../tar-file.ts';

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** What one file of an archive is, or which other it stands for. */
type Entry = Place | { readonly link: string };

/** The files of an image in a plain tar archive: found by offset, read when asked for. */
export async function plainTarFiles(path: string, size: number, context: Context): Promise<ImageFiles> {
  const slice: Slice = { file: path, offset: 0, size };
  const directory = new ArchiveDirectory(context, path);
  const { marked } = await walkTarFile(slice, directory.handler, { what: path, signal: context.signal });
  directory.whole = marked;
  return {
    path,
    whole: marked,
    has: (name) => directory.find(name) !== undefined,
    read: async (name, limit) => {
      const place = directory.require(name, limit);
      return readSlice(slice, place.offset, place.size);
    },
    blob: (name) => {
      const place = directory.find(name);
      return place && { kind: 'slice', file: path, offset: place.offset, size: place.size };
    },
    close: async () => {},
  };
}

/** Files up to this size are kept while a compressed archive is listed: documents are small, layers seldom are. */
const keptSize = 1024 ** 2;

/**
 * The files of an image in a compressed tar archive (`docker save | gzip`). Such an archive has no offsets: it is
 * streamed once to list it, and once more for its layers.
 */
export async function compressedTarFiles(path: string, context: Context): Promise<ImageFiles> {
  const directory = new ArchiveDirectory(context, path);
  const documents = new Map<number, Buffer>();
  const tar = new TarStream({
    entry: (header, content) => {
      directory.handler.entry(header, content);
      if (header.type !== 'file' || content.stored > keptSize) return undefined;
      const parts: Buffer[] = [];
      return {
        write: (bytes) => parts.push(Buffer.from(bytes)),
        end: () => documents.set(content.offset, Buffer.concat(parts)),
      };
    },
    dropped: directory.handler.dropped,
  });
  const list = async (): Promise<TarEnd> => {
    for await (const chunk of openPlain(path, context)) {
      tar.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    return tar.end();
  };
  const { marked } = await list().catch((error: unknown) => Promise.reject(faultOf(path, error)));
  directory.whole = marked;
  const archive: PackedLayers = { open: (signal) => openPlain(path, { ...context, signal }) };
  return {
    path,
    whole: marked,
    has: (name) => directory.find(name) !== undefined,
    read: async (name, limit) => {
      const place = directory.require(name, limit);
      return documents.get(place.offset) ?? Buffer.concat(await collect(cut(path, place, context)));
    },
    blob: (name): LayerBlob | undefined => {
      const found = directory.nameOf(name);
      return found === undefined ? undefined : { kind: 'packed', archive, name: found };
    },
    close: async () => {},
  };
}

function openPlain(path: string, { signal, limits }: Context): AsyncIterable<Uint8Array> {
  const { ratio, ratioFloor } = limits;
  const bounds = { ratio, ratioFloor, what: path };
  return decompress(createReadStream(path, { highWaterMark: 1 << 18, signal }), 'detect', bounds);
}

/** A part of the uncompressed archive. Ends the decompression where the part ends. */
async function* cut(path: string, { offset, size }: Place, context: Context): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of openPlain(path, context)) {
    const from = Math.max(0, offset - at);
    const to = Math.min(chunk.length, offset + size - at);
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.length;
    if (at >= offset + size) return;
  }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return parts;
}

/** The names in an archive. Older `docker save` stores a shared layer once and links to it. */
class ArchiveDirectory {
  readonly handler: TarHandler;
  /** Whether the archive's end was marked; known when it has been read. */
  whole = true;
  readonly #entries = new Map<string, Entry>();
  readonly #path: string;
  #seen = 0;

  constructor(context: Context, path: string) {
    this.#path = path;
    this.handler = {
      entry: (header, content) => {
        this.#seen++;
        if (this.#seen > context.limits.entries) {
          throw new CinzelError('untrusted.limit', { limit: 'entries', value: context.limits.entries, what: path });
        }
        const name = normalizePath(`/${header.name}`);
        if (name === undefined) return;
        if (header.type === 'file') this.#entries.set(name, { offset: content.offset, size: content.stored });
        const target = linkTarget(name, header.type, header.link ?? '');
        if (target !== undefined) this.#entries.set(name, { link: target });
      },
      dropped: () => {},
    };
  }

  find(name: string): Place | undefined {
    const entry = this.#entries.get(this.nameOf(name) ?? '');
    return entry !== undefined && 'offset' in entry ? entry : undefined;
  }

  /** The path of the file that a name leads to, as `normalizePath` gives it. */
  nameOf(name: string): string | undefined {
    let path = normalizePath(`/${name}`);
    for (let hops = 0; path !== undefined && hops < 8; hops++) {
      const entry = this.#entries.get(path);
      if (entry === undefined) return undefined;
      if ('offset' in entry) return path;
      path = entry.link;
    }
    return undefined;
  }

  require(name: string, limit: number): Place {
    const place = this.find(name);
    const what = `${this.#path}:${name}`;
    if (place === undefined) throw lacking({ path: this.#path, whole: this.whole }, name);
    if (place.size > limit) throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: limit, what });
    return place;
  }
}

function linkTarget(name: string, type: string, link: string): string | undefined {
  if (type === 'hardlink') return normalizePath(`/${link}`);
  if (type !== 'symlink') return undefined;
  return normalizePath(link.startsWith('/') ? link : `${name}/../${link}`);
}
