import type { Diagnostic } from '../core/diagnostics.ts';
import type { LayerReading } from '../filesystem/read-layer.ts';
import type { Inventory } from '../inventory/model.ts';
import { unpackFiles } from '../inventory/packed-files.ts';
import type { Inspection } from './inspect.ts';

/** Raise it when the form below changes. */
export const inspectionVersion = 2;

interface Head extends Omit<Inventory, 'files' | 'packedFiles' | 'diagnostics'> {
  readonly readings: readonly LayerReading[];
  readonly diagnostics: readonly Diagnostic[];
  readonly ownDiagnostics: readonly Diagnostic[];
}

/**
 * The record as bytes: length of the head (4 bytes, little endian), the head as JSON, and the file lists packed, which
 * are unpacked only when they are asked for.
 */
export function encodeInspection({ inventory, readings, diagnostics }: Inspection): Uint8Array {
  const { files: _files, packedFiles = new Uint8Array(), diagnostics: ownDiagnostics, ...rest } = inventory;
  const head = Buffer.from(JSON.stringify({ ...rest, readings, diagnostics, ownDiagnostics } satisfies Head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, packedFiles]);
}

export function decodeInspection(bytes: Uint8Array): Inspection {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 4 + buffer.readUInt32LE(0);
  const { readings, diagnostics, ownDiagnostics, ...rest } = JSON.parse(buffer.toString('utf8', 4, end)) as Head;
  const packedFiles = buffer.subarray(end);
  return {
    inventory: { ...rest, diagnostics: ownDiagnostics, files: async () => unpackFiles(packedFiles), packedFiles },
    readings,
    diagnostics,
  };
}
