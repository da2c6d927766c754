import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { ownAssembly } from '../dotnet/application.ts';
import { readAssembly } from '../dotnet/metadata.ts';
import { machineFolders } from '../machine-folders.ts';
import type { Edge } from '../model.ts';
import { isShell } from '../programs.ts';
import { type Analyser, absolutePath, type World } from '../world.ts';

/** In an installation's folder for one version of a framework. */
const ofFramework = /\/shared\/[\w.]+\.App\/\d[^/]*\//;

/**
 * Assemblies of .NET: the native libraries of their `DllImport`s, and files that their literals name by absolute path; but
 * a shell only where the application's own assembly names it, and nothing that a framework's names.
 */
export const dotnet: Analyser = {
  id: 'dotnet',
  version: 1,
  takes: ({ path, languages }) => languages.has('dotnet') && /\.(?:dll|exe)$/i.test(path),
  analyse: async ({ path, bytes, reason }, world) => {
    const names = readAssembly(await bytes());
    if (names === undefined) return undefined;
    const paths = ofFramework.test(path) ? [] : names.literals.filter((text) => isFile(text, world));
    const keepsShells = reason.detail === ownAssembly;
    return {
      edges: [
        ...names.libraries.flatMap((name) => nativeLibrary(name, path, world)),
        ...paths.filter((to) => keepsShells || !isShell(to)).map((to): Edge => ({ to, kind: 'path', certain: false })),
      ],
      notKept: paths.filter((to) => !keepsShells && isShell(to)),
    };
  },
};

/**
 * A native library by the names and in the folders in which the runtime looks for it: beside the assembly, where packages
 * put it for a machine, and where the dynamic loader looks (learn.microsoft.com, "Native library loading").
 */
function nativeLibrary(name: string, assembly: ImagePath, { tree }: World): readonly Edge[] {
  const names = /\.so(?:\.|$)/.test(name) ? [name, `lib${name}`] : [`lib${name}.so`, `${name}.so`, name, `lib${name}`];
  const folder = parentPath(assembly);
  const runtimes = joinPath(folder, 'runtimes');
  const folders = [
    folder,
    ...tree.list(runtimes).map(({ path }) => joinPath(path, 'native')),
    ...machineFolders(tree),
    '/usr/lib',
    '/usr/lib64',
    '/lib',
  ];
  const found = folders
    .flatMap((one) => names.flatMap((file) => absolutePath(file, one) ?? []))
    .filter((path) => tree.findFile(path) !== undefined);
  return found.slice(0, 1).map((to) => ({ to, kind: 'dlopen', detail: name, certain: false }));
}

function isFile(text: string, { tree }: World): boolean {
  return /^\/[^\0]{2,1000}$/.test(text) && tree.findFile(text) !== undefined;
}
