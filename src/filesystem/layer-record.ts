import type { Diagnostic } from '../core/diagnostics.ts';
import { asArray, asNumber, asObject, asString, asStrings, type JsonObject, parseJson } from '../core/json.ts';
import type { SparseRun } from '../formats/tar/model.ts';
import type { EntryExtras, LayerIndex } from './layer-index.ts';

/** What is learnt from a layer and kept in the cache under its diff ID. */
export interface LayerRecord {
  readonly index: LayerIndex;
  readonly kept: ReadonlyMap<number, Uint8Array>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Raise it when the form below changes. */
export const layerRecordVersion = 2;

const numberColumns = ['uids', 'gids', 'sizes', 'mtimes', 'offsets'] as const;

/**
 * The record as bytes: length of the head (4 bytes, little endian), the head as JSON, padding to 8 bytes, the columns
 * in a fixed order, and the kept files one after another.
 */
export function encodeLayerRecord({ index, kept, diagnostics }: LayerRecord): Uint8Array<ArrayBuffer> {
  const head = Buffer.from(
    JSON.stringify({
      version: layerRecordVersion,
      paths: index.paths,
      whiteouts: index.whiteouts,
      opaque: index.opaque,
      size: index.size,
      diagnostics,
      extras: [...index.extras].map(([entry, extras]) => [entry, encodeExtras(extras)]),
      kept: [...kept].map(([entry, bytes]) => [entry, bytes.length]),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return joined([
    length,
    head,
    Buffer.alloc(aligned(4 + head.length) - 4 - head.length),
    ...numberColumns.map((column) => bytesOf(index[column])),
    bytesOf(index.modes),
    index.types,
    ...kept.values(),
  ]);
}

/** In a buffer of their own, which another thread can be given. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The record again, or undefined when the bytes are none of this version. */
export function decodeLayerRecord(bytes: Uint8Array): LayerRecord | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

function decode(bytes: Uint8Array): LayerRecord | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 4) return undefined;
  const headLength = view.readUInt32LE(0);
  const head = asObject(parseJson(view.subarray(4, 4 + headLength), 'a cached layer'));
  if (head?.['version'] !== layerRecordVersion) return undefined;
  const paths = asStrings(head['paths']);
  const reader = new ColumnReader(view, aligned(4 + headLength));
  const [uids, gids, sizes, mtimes, offsets] = numberColumns.map(() => reader.float64(paths.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const modes = reader.uint16(paths.length);
  const types = reader.uint8(paths.length);
  const kept = pairs(head['kept']).map(([entry, length]) => [entry, reader.uint8(Number(length))] as const);
  return {
    index: {
      paths,
      types,
      modes,
      uids,
      gids,
      sizes,
      mtimes,
      offsets,
      extras: new Map(pairs(head['extras']).map(([entry, extras]) => [entry, decodeExtras(asObject(extras) ?? {})])),
      whiteouts: asStrings(head['whiteouts']),
      opaque: asStrings(head['opaque']),
      size: asNumber(head['size']) ?? 0,
    },
    kept: new Map(kept),
    diagnostics: asArray(head['diagnostics']) as unknown as readonly Diagnostic[],
  };
}

function encodeExtras(extras: EntryExtras): object {
  const xattrs =
    extras.xattrs && [...extras.xattrs].map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { ...extras, xattrs };
}

function decodeExtras(value: JsonObject): EntryExtras {
  const link = asString(value['link']);
  const target = asNumber(value['target']);
  const device = asObject(value['device']) as { major: number; minor: number } | undefined;
  const xattrs = value['xattrs'] === undefined ? undefined : asArray(value['xattrs']).map(asStrings);
  const sparse = value['sparse'] as readonly SparseRun[] | undefined;
  return {
    ...(link === undefined ? {} : { link }),
    ...(target === undefined ? {} : { target }),
    ...(device === undefined ? {} : { device }),
    ...(xattrs === undefined
      ? {}
      : {
          xattrs: new Map(xattrs.map(([key = '', data = '']) => [key, Uint8Array.from(Buffer.from(data, 'base64'))])),
        }),
    ...(sparse === undefined ? {} : { sparse }),
  };
}

function pairs(value: JsonObject[string]): readonly (readonly [number, JsonObject[string]])[] {
  return asArray(value).map((pair) => {
    const [entry, content] = asArray(pair);
    return [asNumber(entry) ?? 0, content] as const;
  });
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function bytesOf(column: Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

class ColumnReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** A copy, since such a column needs its own alignment. */
  float64(count: number): Float64Array {
    return new Float64Array(Uint8Array.from(this.uint8(count * 8)).buffer);
  }

  uint16(count: number): Uint16Array {
    return new Uint16Array(Uint8Array.from(this.uint8(count * 2)).buffer);
  }

  uint8(length: number): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length !== length) throw new RangeError('a cached layer is too short');
    this.#at += length;
    return part;
  }
}
