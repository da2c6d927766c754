import type { Context } from '../core/context.ts';
import type { Diagnostic, Report } from '../core/diagnostics.ts';
import { type Digest, isDigest } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import type { Subject } from '../core/subjects.ts';
import type { Layer } from '../image/model.ts';
import { dropReport } from './drop-report.ts';
import type { LayerContent } from './layer-content.ts';
import type { Selector } from './selector.ts';

/** What every way of reading a layer is given. */
export interface ReadOptions {
  readonly context: Context;
  /** Files whose content will be asked for. */
  readonly selector: Selector;
  /** Whether digests and diff IDs are checked. */
  readonly verify: boolean;
}

/** A layer's facts once it was read. */
export interface LayerReading {
  /** Uncompressed bytes. */
  readonly size: number;
  readonly compressedSize?: number;
  readonly verified: 'read' | 'cache' | 'no';
}

export interface ReadLayer {
  readonly content: LayerContent;
  readonly reading: LayerReading;
  readonly diagnostics: readonly Diagnostic[];
  /** What the cache may keep, once verified, as `encodeLayerRecord` writes it. */
  readonly encoded?: () => Uint8Array;
}

/** What is wrong with one layer: kept apart, since it goes into the cache with the layer. */
export class LayerDiagnostics {
  readonly list: Diagnostic[] = [];
  readonly report: Report = dropReport((diagnostic) => void this.list.push(diagnostic));
}

/** Throws `untrusted.digest` when what was read has other digests than the layer should. */
export function checkDigests(layer: Layer, actual: { readonly digest?: Digest; readonly diffId?: Digest }): void {
  checkDigest({ kind: 'layer-blob', layer: layer.index }, layer.digest, actual.digest);
  checkDigest({ kind: 'layer', layer: layer.index }, layer.diffId, actual.diffId);
}

function checkDigest(what: Subject, expected: Digest | undefined, actual: Digest | undefined): void {
  if (!isDigest(expected) || actual === undefined || expected === actual) return;
  throw new CinzelError('untrusted.digest', { what, expected, actual });
}
