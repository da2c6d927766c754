import { CinzelError } from '../../core/errors.ts';
import { decodeName } from '../../core/path.ts';
import type { Problem } from '../../core/problems.ts';
import { type HeaderBlock, hasValidChecksum, isZeroBlock, readHeaderBlock, readNumber } from './header-block.ts';
import { blockSize, padded, type SparseRun, type TarContent, type TarHeader, type TarType } from './model.ts';
import { type PaxRecords, parsePax, paxNumber, paxText, paxXattrs } from './pax.ts';
import {
  checkSparseRuns,
  hasLeadingSparseMap,
  LeadingSparseMap,
  readOldSparseRuns,
  readPaxSparseMap,
} from './sparse.ts';

/** Bodies of extension headers are small; a bigger one is an attack on memory. */
const extensionLimit = 1024 ** 2;

const types: Readonly<Record<string, TarType>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
  S: 'file',
};

export interface TarHandler {
  /** Called for each entry, in order, before the bytes of its content are asked for or skipped. */
  readonly entry: (header: TarHeader, content: TarContent) => void;
  /** Called for an entry whose header holds a field that means nothing; it is left out. */
  readonly dropped: (name: string, problem: Problem) => void;
}

/**
 * Reads the structure of a tar archive without reading what nobody asked for.
 *
 * The parser says which bytes it needs next (`position`, `length`); whoever drives it fetches just these, by offset
 * from a file or by skipping in a stream, and calls `accept`. Content is never asked for, except the map that opens a
 * PAX 1.0 sparse file. So one state machine serves both ways of reading:
 *
 *   header ── zero ──► maybe-end ── zero ──► done
 *     │  └─ x, g, L, K ─► extension body ─► header (with what it said)
 *     │  └─ S, extended ─► sparse block … ─► entry
 *     │  └─ sparse 1.0 ──► leading map ────► entry
 *     └─ entry ─► header after its padded content
 */
export class TarParser {
  /** Offset of the bytes that are needed next. */
  position = 0;
  /** How many are needed; they must be given whole. */
  length = blockSize;
  done = false;

  readonly #handler: TarHandler;
  #state: State = { kind: 'header' };
  #global: PaxRecords = new Map();
  #pax: PaxRecords | undefined;
  #longName: string | undefined;
  #longLink: string | undefined;
  #zeroSeen = false;
  #entries = 0;

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  /** Whether the archive may end here: at a header's place, with no extension waiting for its entry. */
  get complete(): boolean {
    return this.done || (this.#state.kind === 'header' && this.#pax === undefined && this.#longName === undefined);
  }

  /** How many entries have been seen. */
  get entries(): number {
    return this.#entries;
  }

  /** Takes exactly the bytes [position, position + length). Throws `untrusted.malformed`. */
  accept(bytes: Buffer): void {
    const state = this.#state;
    switch (state.kind) {
      case 'header':
        return this.#acceptHeader(bytes);
      case 'extension':
        return this.#acceptExtension(state, bytes);
      case 'sparse-block':
        return this.#acceptSparseBlock(state, bytes);
      case 'sparse-map':
        return this.#acceptSparseMap(state, bytes);
    }
  }

  #acceptHeader(bytes: Buffer): void {
    if (isZeroBlock(bytes)) {
      this.done = this.#zeroSeen;
      this.#zeroSeen = true;
      return this.#need(this.position + blockSize, blockSize, { kind: 'header' });
    }
    if (this.#zeroSeen) {
      this.done = true;
      return;
    }
    if (!hasValidChecksum(bytes)) throw malformed(this.#entries === 0 ? 'no-header' : 'header-checksum');
    const block = readHeaderBlock(bytes);
    if (!Number.isSafeInteger(block.size) || block.size < 0) throw malformed('header-size');
    const after = this.position + blockSize;
    if ('xgLK'.includes(block.flag)) return this.#needExtension(block, after);
    if (block.flag === 'S') return this.#startOldSparse(block, bytes, after);
    return this.#startEntry(block, after);
  }

  #needExtension(block: HeaderBlock, after: number): void {
    if (block.size > extensionLimit) throw malformed('large-extension');
    if (block.size === 0) return this.#need(after, blockSize, { kind: 'header' });
    this.#need(after, block.size, { kind: 'extension', flag: block.flag });
  }

  #acceptExtension(state: State & { kind: 'extension' }, bytes: Buffer): void {
    if (state.flag === 'x') this.#pax = parsePax(Buffer.from(bytes));
    else if (state.flag === 'g') this.#global = new Map([...this.#global, ...parsePax(Buffer.from(bytes))]);
    else if (state.flag === 'L') this.#longName = untilNul(bytes);
    else this.#longLink = untilNul(bytes);
    this.#need(this.position + padded(bytes.length), blockSize, { kind: 'header' });
  }

  #startOldSparse(block: HeaderBlock, bytes: Buffer, after: number): void {
    const runs = readOldSparseRuns(bytes, 386, 4);
    const size = readNumber(bytes, 483, 12);
    if (bytes[482] === 0) return this.#emitSparse(block, after, { runs, size });
    this.#need(after, blockSize, { kind: 'sparse-block', block, runs: [...runs], size });
  }

  #acceptSparseBlock(state: State & { kind: 'sparse-block' }, bytes: Buffer): void {
    state.runs.push(...readOldSparseRuns(bytes, 0, 21));
    if (state.runs.length > 1_000_000) throw malformed('bad-sparse-map');
    const after = this.position + blockSize;
    if (bytes[504] === 0) return this.#emitSparse(state.block, after, state);
    this.#need(after, blockSize, state);
  }

  #startEntry(block: HeaderBlock, after: number): void {
    const pax = this.#pax ?? this.#global;
    if (pax.size === 0 || types[block.flag] !== 'file')
      return this.#emit(block, { offset: after, stored: this.#stored(block) });
    if (hasLeadingSparseMap(pax)) {
      return this.#need(after, blockSize, { kind: 'sparse-map', block, start: after, map: new LeadingSparseMap() });
    }
    const runs = readPaxSparseMap(pax);
    const size = paxNumber(pax, 'GNU.sparse.realsize') ?? paxNumber(pax, 'GNU.sparse.size');
    if (runs !== undefined && size !== undefined) return this.#emitSparse(block, after, { runs, size });
    this.#emit(block, { offset: after, stored: this.#stored(block) });
  }

  #acceptSparseMap(state: State & { kind: 'sparse-map' }, bytes: Buffer): void {
    const next = this.position + blockSize;
    const runs = state.map.push(bytes);
    if (runs === undefined) {
      if (next - state.start >= padded(this.#stored(state.block))) throw malformed('bad-sparse-map');
      return this.#need(next, blockSize, state);
    }
    const size = paxNumber(this.#pax ?? this.#global, 'GNU.sparse.realsize') ?? Number.NaN;
    this.#emitSparse(state.block, state.start, { runs, size }, next - state.start);
  }

  /** `lead` is how many of the stored bytes hold the map and not content. */
  #emitSparse(block: HeaderBlock, after: number, sparse: { runs: readonly SparseRun[]; size: number }, lead = 0): void {
    const stored = this.#stored(block) - lead;
    if (!Number.isSafeInteger(sparse.size) || sparse.size < 0 || stored < 0) throw malformed('bad-sparse-map');
    checkSparseRuns(sparse.runs, sparse.size, stored);
    const runs = sparse.runs.filter((run) => run.length > 0);
    this.#emit({ ...block, size: sparse.size }, { offset: after + lead, stored, sparse: runs }, sparse.size);
  }

  #emit(block: HeaderBlock, content: TarContent, size?: number): void {
    const header = this.#header(block, size ?? content.stored);
    this.#entries++;
    this.#pax = undefined;
    this.#longName = undefined;
    this.#longLink = undefined;
    if (header !== undefined && 'problem' in header) this.#handler.dropped(block.name, header.problem);
    else if (header !== undefined) this.#handler.entry(header, content);
    this.#need(content.offset + padded(content.stored), blockSize, { kind: 'header' });
  }

  /** Bytes of content in the archive: links, folders and devices have none, whatever their header says. */
  #stored(block: HeaderBlock): number {
    const type = types[block.flag];
    if (type !== undefined && type !== 'file') return 0;
    const size =
      this.#pax === undefined && this.#global.size === 0 ? undefined : paxNumber(this.#pax ?? this.#global, 'size');
    if (size === undefined) return block.size;
    if (!Number.isSafeInteger(size) || size < 0) throw malformed('header-size');
    return size;
  }

  /** The header with its extensions applied, or why the entry cannot be used; undefined that it is no file. */
  #header(block: HeaderBlock, size: number): TarHeader | Unusable | undefined {
    const pax = this.#merged();
    const type = types[block.flag];
    if (type === undefined)
      return 'VMNDA'.includes(block.flag) ? undefined : { problem: { kind: 'unknown-type', flag: block.flag } };
    const name = paxText(pax, 'GNU.sparse.name') ?? paxText(pax, 'path') ?? this.#longName ?? block.name;
    const uid = paxNumber(pax, 'uid') ?? block.uid;
    const gid = paxNumber(pax, 'gid') ?? block.gid;
    const mtime = paxNumber(pax, 'mtime') ?? block.mtime;
    if (![block.mode, uid, gid, mtime].every(Number.isFinite)) return { problem: 'header-number' };
    const link = paxText(pax, 'linkpath') ?? this.#longLink ?? block.link;
    const xattrs = pax.size === 0 ? undefined : paxXattrs(pax);
    const apkChecksum = pax.size === 0 ? undefined : paxText(pax, 'APK-TOOLS.checksum.SHA1');
    const isDirectory = type === 'directory' || (type === 'file' && size === 0 && name.endsWith('/'));
    const isDevice = type === 'character' || type === 'block';
    return {
      name,
      type: isDirectory ? 'directory' : type,
      mode: block.mode & 0o7777,
      uid,
      gid,
      size: type === 'file' && !isDirectory ? size : 0,
      mtime,
      ...(type === 'symlink' || type === 'hardlink' ? { link } : {}),
      ...(isDevice ? { device: { major: block.major || 0, minor: block.minor || 0 } } : {}),
      ...(xattrs === undefined ? {} : { xattrs }),
      ...(apkChecksum === undefined ? {} : { apkChecksum }),
    };
  }

  #merged(): PaxRecords {
    if (this.#pax === undefined) return this.#global;
    return this.#global.size === 0 ? this.#pax : new Map([...this.#global, ...this.#pax]);
  }

  #need(position: number, length: number, state: State): void {
    this.position = position;
    this.length = length;
    this.#state = state;
  }
}

interface Unusable {
  readonly problem: Problem;
}

type State =
  | { readonly kind: 'header' }
  | { readonly kind: 'extension'; readonly flag: string }
  | { readonly kind: 'sparse-block'; readonly block: HeaderBlock; readonly runs: SparseRun[]; readonly size: number }
  | {
      readonly kind: 'sparse-map';
      readonly block: HeaderBlock;
      readonly start: number;
      readonly map: LeadingSparseMap;
    };

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end));
}

function malformed(problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what: 'tar', problem });
}
