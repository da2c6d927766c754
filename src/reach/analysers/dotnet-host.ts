import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { isElf } from '../../formats/elf/read-elf.ts';
import { applicationNeeds } from '../dotnet/application.ts';
import { bundledConfig } from '../dotnet/bundle.ts';
import { findInstallation } from '../dotnet/host.ts';
import type { Analyser, World } from '../world.ts';

/**
 * An application's own executable: `app` beside `app.dll`, or one that holds its assemblies. It finds the installation
 * of .NET by itself, or brings one.
 */
export const dotnetHost: Analyser = {
  id: 'dotnet-host',
  version: 1,
  takes: ({ entry }) => (entry.mode & 0o111) !== 0,
  analyse: async ({ path, bytes }, world) => {
    const program = await bytes();
    if (!isElf(program)) return undefined;
    const assembly = `${path}.dll`;
    const isBeside = world.tree.findFile(assembly) !== undefined && hasSettings(path, world);
    const bundled = isBeside ? undefined : bundledConfig(program);
    if (!isBeside && bundled === undefined) return undefined;
    const bringsHost = world.tree.findFile(joinPath(parentPath(path), 'libhostfxr.so')) !== undefined;
    const installation = bringsHost ? undefined : await findInstallation(world.environment, world);
    return applicationNeeds(
      { assembly, ...(bundled === undefined ? {} : { bundled }) },
      installation,
      world.environment,
      world,
    );
  },
};

function hasSettings(path: ImagePath, { tree }: World): boolean {
  return ['.runtimeconfig.json', '.deps.json'].some((suffix) => tree.findFile(`${path}${suffix}`) !== undefined);
}
