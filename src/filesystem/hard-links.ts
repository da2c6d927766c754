import type { ImagePath } from '../core/path.ts';
import type { FileEntry, Filesystem } from './model.ts';

/** What tells files apart: hard links of one file have the same, as long as no layer replaced one of them. */
export function inodeOf(entry: FileEntry, filesystem: Filesystem): string {
  const seen = new Set<ImagePath>();
  let at = entry;
  while (at.type === 'hardlink' && at.link !== undefined && !seen.has(at.path)) {
    seen.add(at.path);
    const target = filesystem.get(at.link);
    // A later layer has put another file there: the link still has the content that the path had before.
    if (target === undefined || target.layer > at.layer) return `${at.layer}:${at.link}`;
    at = target;
  }
  return `${at.layer}:${at.path}`;
}
