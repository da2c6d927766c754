import { createContext } from '../../core/context.ts';
import { mergedFilesystem } from '../../filesystem/merged-filesystem.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { readDirectory } from '../../filesystem/read-directory.ts';
import { compileSelector } from '../../filesystem/selector.ts';

/** A folder on disk as a filesystem of one layer, so that what a real tool installed there can be catalogued. */
export function diskFilesystem(root: string, globs: readonly string[]): Filesystem {
  const context = createContext();
  const selector = compileSelector(globs);
  const { content } = readDirectory(root, 0, { context, selector, verify: false });
  return mergedFilesystem([content], { context, selector, report: () => {} });
}
