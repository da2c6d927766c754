import { createContext } from '../../core/context.ts';
import { defaultLimits } from '../../core/limits.ts';
import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { LayerBuilder } from '../../filesystem/layer-builder.ts';
import type { LayerContent } from '../../filesystem/layer-content.ts';
import { mergedFilesystem } from '../../filesystem/merged-filesystem.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { TarHeader } from '../../formats/tar/model.ts';

/** What a layer does to a path: the content of a file, a symbolic link, a file with a mode, or null to remove it. */
export type MemoryEntry =
  | string
  | Uint8Array
  | null
  | { readonly link: string }
  | { readonly mode: number; readonly content?: string | Uint8Array };

/** Absolute paths and what the layer does to each; folders make themselves. */
export type MemoryLayer = Readonly<Record<ImagePath, MemoryEntry>>;

/** A filesystem of layers that a test writes down, merged as an image's are; every path is selected. */
export function memoryFilesystem(...layers: readonly MemoryLayer[]): Filesystem {
  const context = createContext();
  return mergedFilesystem(layers.map(layerContent), { context, selector: () => true, report: () => {} });
}

function layerContent(entries: MemoryLayer, layer: number): LayerContent {
  const builder = new LayerBuilder({ limits: defaultLimits, report: () => {}, layer });
  const contents = new Map<number, Uint8Array>();
  for (const [path, entry] of Object.entries(entries)) {
    const bytes = contentOf(entry);
    const number = builder.add(headerOf(path, entry, bytes.length), { offset: 0, stored: 0 });
    if (number !== undefined) contents.set(number, bytes);
  }
  return { index: builder.finish(0), read: async (entry) => contents.get(entry) ?? new Uint8Array() };
}

function headerOf(path: ImagePath, entry: MemoryEntry, size: number): TarHeader {
  const common = { name: path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 1_700_000_000 } as const;
  if (entry === null) return { ...common, name: joinPath(parentPath(path), `.wh.${baseName(path)}`) };
  if (typeof entry === 'string' || entry instanceof Uint8Array) return common;
  return 'link' in entry ? { ...common, type: 'symlink', link: entry.link } : { ...common, mode: entry.mode };
}

function contentOf(entry: MemoryEntry): Uint8Array {
  if (typeof entry === 'string') return Buffer.from(entry);
  if (entry instanceof Uint8Array) return entry;
  return entry !== null && 'content' in entry ? Buffer.from(entry.content ?? '') : new Uint8Array();
}
