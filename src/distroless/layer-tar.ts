import { compareText } from '../core/compare-text.ts';
import { parentPath } from '../core/path.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../formats/tar/write.ts';
import { folder, type LayerFile } from './files.ts';

/**
 * A layer as tar: parents before what they hold, hard links after all else, of two files for one path the later;
 * equal files give equal bytes.
 */
export function layerTar(files: readonly LayerFile[]): Uint8Array {
  const byPath = new Map<string, LayerFile>();
  for (const file of files) {
    addParents(file.header.name, byPath);
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

function addParents(name: string, byPath: Map<string, LayerFile>): void {
  const parent = parentPath(`/${name}`);
  if (parent === '/' || byPath.has(parent.slice(1))) return;
  addParents(parent.slice(1), byPath);
  byPath.set(parent.slice(1), folder(parent));
}
