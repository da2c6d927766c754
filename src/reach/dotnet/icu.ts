import { baseName } from '../../core/path.ts';
import { machineFolders } from '../machine-folders.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';

/**
 * ICU, which the runtime opens at its start under a name that it makes from the newest version that it knows of
 * (dotnet/runtime, pal_icushim.c); without it a run ends unless globalization is invariant.
 */
export function icuEdges({ tree }: World): readonly Edge[] {
  return [...machineFolders(tree), '/usr/lib', '/usr/lib64', '/lib64', '/lib']
    .flatMap((folder) => tree.list(folder))
    .filter(({ path }) => /^libicu(?:uc|i18n|data)\.so\.\d/.test(baseName(path)))
    .map(({ path: to }) => ({ to, kind: 'dlopen', detail: 'ICU', certain: false }));
}
