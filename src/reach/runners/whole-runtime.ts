import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { machineFolders } from '../machine-folders.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import type { Runner } from './runner.ts';

/** A language whose code is not followed: all that its interpreter may load is kept, and that is said. */
interface Runtime {
  readonly id: string;
  readonly programs: RegExp;
  /** Folders of its library and of what was installed for it, as far as they have fixed places. */
  readonly folders: readonly ImagePath[];
  /** Folders of which one with a version or machine in its name is meant: `/usr/lib/ruby` but `/usr/share/perl5`. */
  readonly patterns: readonly { readonly folder: ImagePath; readonly name: RegExp }[];
  /** How far above the program the runtime's own folder is, where it has one. */
  readonly homeLevels?: number;
}

const list: readonly Runtime[] = [
  {
    id: '.NET',
    programs: /^dotnet$/,
    folders: ['/usr/share/dotnet', '/usr/lib/dotnet'],
    patterns: [],
    homeLevels: 1,
  },
];

export const wholeRuntimes: readonly Runner[] = list.map(
  (runtime): Runner => ({
    id: runtime.id,
    programs: runtime.programs,
    run: (_invocation, program, world) => ({
      edges: foldersOf(runtime, program, world).map(
        (to): Edge => ({ to, kind: 'module', detail: runtime.id, certain: false, whole: true }),
      ),
      undecided: [{ problem: 'language', detail: program }],
    }),
  }),
);

function foldersOf(
  { folders, patterns, homeLevels }: Runtime,
  program: ImagePath,
  { tree }: World,
): readonly ImagePath[] {
  const real = tree.find(program)?.path ?? program;
  let home = real;
  for (let level = 0; level < (homeLevels ?? 0); level++) home = parentPath(home);
  const isHome = homeLevels !== undefined && !/^\/(?:usr(?:\/local)?)?$/.test(home);
  const machines = machineFolders(tree);
  const places = patterns.flatMap(({ folder, name }) =>
    (folder === '/usr/lib' ? [folder, ...machines] : [folder]).flatMap((one) =>
      tree.list(one).flatMap(({ path }) => (name.test(path.slice(joinPath(one, '').length)) ? [path] : [])),
    ),
  );
  return [...(isHome ? [home] : []), ...folders, ...new Set(places)];
}
