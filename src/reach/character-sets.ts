import { machineFolders } from './machine-folders.ts';
import type { Edge } from './model.ts';
import type { World } from './world.ts';

/** The converters of glibc for character sets, iconv(3), that texts name: extensions in C hand them on to it. */
export function characterSetEdges(names: readonly string[], { tree }: World): readonly Edge[] {
  const folders = [...machineFolders(tree), '/usr/lib64'].map((folder) => `${folder}/gconv`);
  return folders
    .filter((folder) => names.length > 0 && tree.findFolder(folder) !== undefined)
    .flatMap((folder) =>
      names.map((name): Edge => ({ to: `${folder}/${name}.so`, kind: 'data', detail: name, certain: false })),
    );
}
