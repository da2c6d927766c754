import { compareText } from '../core/compare-text.ts';
import { parentPath } from '../core/path.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../formats/tar/write.ts';
import { folder, type LayerFile } from './files.ts';

/**
 * A layer as tar: parents before what they hold, hard links after all else, of two files for one path the later;
 * equal files give equal bytes. A parent that the layer does not bring is as the image has it.
 */
export function layerTar(files: readonly LayerFile[], folders: ReadonlyMap<string, LayerFile>): Uint8Array {
  const byPath = new Map<string, LayerFile>();
  for (const file of files) {
    addParents(file.header.name, { byPath, folders });
    byPath.set(file.header.name, file);
  }
  const sorted = [...byPath.values()].sort(
    (a, b) => isLink(a) - isLink(b) || compareText(a.header.name, b.header.name),
  );
  const parts = sorted.flatMap(({ header, content }) => [tarHeaderBlocks(header), content, tarPadding(content.length)]);
  return Buffer.concat([...parts, tarEnd]);
}

function isLink({ header }: LayerFile): number {
  return header.type === 'hardlink' ? 1 : 0;
}

interface Folders {
  readonly byPath: Map<string, LayerFile>;
  readonly folders: ReadonlyMap<string, LayerFile>;
}

function addParents(name: string, { byPath, folders }: Folders): void {
  const parent = parentPath(`/${name}`).slice(1);
  // The root is in itself.
  if (parent === '' || parent === '.' || byPath.has(parent)) return;
  addParents(parent, { byPath, folders });
  byPath.set(parent, folders.get(parent) ?? folder(`/${parent}`));
}
