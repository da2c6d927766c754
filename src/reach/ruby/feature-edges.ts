import { type ImagePath, joinPath, parentPath, rootPath } from '../../core/path.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import { rubyOf } from './environment.ts';

/** The edge to a file that is loaded. */
export function loadedEdge(to: ImagePath, detail: string): Edge {
  return { to, kind: 'import', detail, certain: false, ...(to.endsWith('.so') ? {} : { language: 'ruby' }) };
}

/** What loading a feature needs: its file on the load path, or near the file that asks. */
export function featureEdges(feature: string, world: World, folders: readonly ImagePath[] = []): readonly Edge[] {
  const ruby = rubyOf(world);
  const near = folders.flatMap((folder) => ruby.fileOf(joinPath(folder, feature)) ?? []).slice(0, 1);
  return [...near, ...ruby.find(feature)].map((to) => loadedEdge(to, feature));
}

/**
 * Folders that an application has put on the load path by then, as a rule: those above the file, and their `lib`.
 */
export function nearFolders(path: ImagePath, { isApplication }: World): readonly ImagePath[] {
  const folders: ImagePath[] = [];
  for (let at = parentPath(path); at !== rootPath && isApplication(joinPath(at, 'x.rb')); at = parentPath(at)) {
    folders.push(at, joinPath(at, 'lib'));
  }
  return folders;
}
