import type { Report } from '../core/diagnostics.ts';
import { CinzelError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { baseName, type ImagePath, joinPath, normalizePath, parentPath, rootPath } from '../core/path.ts';
import type { Problem } from '../core/problems.ts';
import type { TarContent, TarHeader } from '../formats/tar/model.ts';
import { type EntryExtras, type LayerIndex, typeNumber } from './layer-index.ts';

const whiteoutPrefix = '.wh.';
const opaqueMarker = '.wh..wh..opq';

export interface LayerBuilderOptions {
  readonly limits: Limits;
  readonly report: Report;
  /** 0-based index of the layer, for diagnostics and limits. */
  readonly layer: number;
  /** Whether names mean whiteouts; not so in a root filesystem that is already merged. */
  readonly whiteouts?: boolean;
}

/** Collects the entries of a layer as its archive is read (OCI image specification, layer.md: "Whiteouts"). */
export class LayerBuilder {
  readonly #options: LayerBuilderOptions;
  readonly #paths: ImagePath[] = [];
  readonly #types: number[] = [];
  readonly #modes: number[] = [];
  readonly #uids: number[] = [];
  readonly #gids: number[] = [];
  readonly #sizes: number[] = [];
  readonly #mtimes: number[] = [];
  readonly #offsets: number[] = [];
  readonly #extras = new Map<number, EntryExtras>();
  readonly #whiteouts: ImagePath[] = [];
  readonly #opaque: ImagePath[] = [];
  #hardLinks = 0;
  #seen = 0;

  constructor(options: LayerBuilderOptions) {
    this.#options = options;
  }

  /** Takes one entry; gives its number, or undefined when it is a whiteout or cannot be used. */
  add(header: TarHeader, content: TarContent): number | undefined {
    this.#checkLimits(header, content);
    const path = normalizePath(header.name.startsWith('/') ? header.name : `/${header.name}`);
    if (path === undefined) return this.drop(header.name, 'leaves-root');
    if (this.#options.whiteouts !== false && this.#isWhiteout(path)) return undefined;
    const link = header.type === 'hardlink' ? normalizePath(`/${header.link ?? ''}`) : header.link;
    if (header.type === 'hardlink' && (link === undefined || link === path))
      return this.drop(header.name, 'link-nowhere');
    if (header.type === 'symlink' && (link === undefined || link === '')) return this.drop(header.name, 'link-nowhere');
    return this.#store(path, header, content, link);
  }

  /** The normalised path of an entry that was added. */
  pathOf(entry: number): ImagePath {
    return this.#paths[entry] ?? rootPath;
  }

  /** Leaves an entry out, and says so. */
  drop(entry: string, problem: Problem): undefined {
    this.#count();
    const { report, layer } = this.#options;
    report({ code: 'layer.entry-dropped', severity: 'warning', parameters: { entry, problem }, layer });
  }

  finish(size: number): LayerIndex {
    if (this.#hardLinks > 0) this.#resolveHardLinks();
    return {
      paths: this.#paths,
      types: Uint8Array.from(this.#types),
      modes: Uint16Array.from(this.#modes),
      uids: Float64Array.from(this.#uids),
      gids: Float64Array.from(this.#gids),
      sizes: Float64Array.from(this.#sizes),
      mtimes: Float64Array.from(this.#mtimes),
      offsets: Float64Array.from(this.#offsets),
      extras: this.#extras,
      whiteouts: this.#whiteouts,
      opaque: this.#opaque,
      size,
    };
  }

  #isWhiteout(path: ImagePath): boolean {
    const name = baseName(path);
    if (!name.startsWith(whiteoutPrefix)) return false;
    if (name === opaqueMarker) this.#opaque.push(parentPath(path));
    // Other names with the doubled prefix are AUFS's own book-keeping, and a bare prefix names nothing.
    else if (!name.startsWith('.wh..wh.') && name !== whiteoutPrefix) {
      this.#whiteouts.push(joinPath(parentPath(path), name.slice(whiteoutPrefix.length)));
    }
    return true;
  }

  #store(path: ImagePath, header: TarHeader, content: TarContent, link: string | undefined): number {
    const entry = this.#paths.length;
    this.#paths.push(path);
    this.#types.push(typeNumber(header.type));
    this.#modes.push(header.mode);
    this.#uids.push(header.uid);
    this.#gids.push(header.gid);
    this.#sizes.push(header.size);
    this.#mtimes.push(header.mtime);
    this.#offsets.push(content.offset);
    if (header.type === 'hardlink') this.#hardLinks++;
    if (link !== undefined || header.device || header.xattrs || content.sparse) {
      this.#extras.set(entry, {
        ...(link === undefined ? {} : { link }),
        ...(header.device === undefined ? {} : { device: header.device }),
        ...(header.xattrs === undefined ? {} : { xattrs: header.xattrs }),
        ...(content.sparse === undefined ? {} : { sparse: content.sparse }),
      });
    }
    return entry;
  }

  /** A hard link names an entry that came before it; chains are followed as they were made. */
  #resolveHardLinks(): void {
    const seen = new Map<ImagePath, number>();
    for (const [entry, path] of this.#paths.entries()) {
      const extras = this.#types[entry] === typeNumber('hardlink') ? this.#extras.get(entry) : undefined;
      const named = extras?.link === undefined ? undefined : seen.get(extras.link);
      if (extras !== undefined && named !== undefined) {
        const target = this.#extras.get(named)?.target ?? named;
        this.#extras.set(entry, { ...extras, target });
        this.#sizes[entry] = this.#sizes[target] ?? 0;
      }
      seen.set(path, entry);
    }
  }

  #checkLimits(header: TarHeader, content: TarContent): void {
    const { limits, layer } = this.#options;
    this.#count();
    if (header.name.length > limits.pathBytes || (header.link?.length ?? 0) > limits.pathBytes) {
      throw new CinzelError('untrusted.limit', {
        limit: 'pathBytes',
        value: limits.pathBytes,
        what: { kind: 'layer-path', layer },
      });
    }
    if (content.offset + content.stored > limits.layerBytes) {
      throw new CinzelError('untrusted.limit', {
        limit: 'layerBytes',
        value: limits.layerBytes,
        what: { kind: 'layer', layer },
      });
    }
  }

  #count(): void {
    const { limits, layer } = this.#options;
    this.#seen++;
    if (this.#seen > limits.entries) {
      throw new CinzelError('untrusted.limit', {
        limit: 'entries',
        value: limits.entries,
        what: { kind: 'layer', layer },
      });
    }
  }
}
