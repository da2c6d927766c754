import { CinzelError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { type LayerIndex, storedSize, typeOf } from './layer-index.ts';
import type { Selector } from './selector.ts';

/** A bigger file is read again if somebody asks for it: catalogers want few such files, and mostly refuse them. */
const keptFileBytes = 32 * 1024 ** 2;

/** Whether a selected file's bytes are kept when its layer is read. */
export function isKept(size: number, limits: Limits): boolean {
  return size <= Math.min(keptFileBytes, limits.fileBytes);
}

/** Reads the stored bytes of every selected file of a layer that can be read by offset. */
export function readSelected(
  index: LayerIndex,
  selector: Selector,
  read: (offset: number, length: number) => Uint8Array,
  options: { readonly limits: Limits; readonly layer: number },
): ReadonlyMap<number, Uint8Array> {
  const kept = new Map<number, Uint8Array>();
  let total = 0;
  for (const [entry, path] of index.paths.entries()) {
    if (typeOf(index, entry) !== 'file' || !selector(path)) continue;
    if (!isKept(index.sizes[entry] ?? 0, options.limits)) continue;
    const length = storedSize(index, entry);
    total = checkSelected(total + length, options.limits, options.layer);
    kept.set(entry, read(index.offsets[entry] ?? 0, length));
  }
  return kept;
}

/** Throws `untrusted.limit` when a layer holds more selected bytes than may be kept; else gives the number back. */
export function checkSelected(bytes: number, limits: Limits, layer: number): number {
  if (bytes <= limits.selectedBytes) return bytes;
  throw new CinzelError('untrusted.limit', {
    limit: 'selectedBytes',
    value: limits.selectedBytes,
    what: { kind: 'layer', layer },
  });
}
