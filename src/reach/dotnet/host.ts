import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { versionSchemes } from '../../versions/index.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';

const { compare } = versionSchemes.semver;

/** Where .NET is when nothing says so: as Microsoft and as distributions install it. */
const usualRoots = ['/usr/share/dotnet', '/usr/lib/dotnet', '/usr/lib64/dotnet', '/usr/local/share/dotnet'];
const rootFiles = [
  '/etc/dotnet/install_location_x64',
  '/etc/dotnet/install_location_arm64',
  '/etc/dotnet/install_location',
];
const rootVariables = ['DOTNET_ROOT_X64', 'DOTNET_ROOT_ARM64', 'DOTNET_ROOT'];

/** An installation of .NET, and the edges to what says where it is. */
export interface Installation {
  readonly root: ImagePath;
  readonly edges: readonly Edge[];
}

/** Whether the folder is an installation: it has a host that finds frameworks. */
export function hasHost(root: ImagePath, { tree }: World): boolean {
  return tree.findFolder(joinPath(root, 'host/fxr')) !== undefined;
}

/** The installation that a `dotnet` program is of. */
export function installationOf(program: ImagePath, { tree }: World): Installation {
  return { root: parentPath(tree.find(program)?.path ?? program), edges: [] };
}

/** The installation that an application's own executable looks for (dotnet/designs, install-locations.md). */
export async function findInstallation(
  environment: ReadonlyMap<string, string>,
  world: World,
): Promise<Installation | undefined> {
  const named = rootVariables.flatMap((name) => environment.get(name) ?? []);
  const given = named.find((root) => root.startsWith('/') && hasHost(root, world));
  if (given !== undefined) return { root: given, edges: [] };
  for (const file of rootFiles) {
    const root = (await world.tree.readText(file))?.split('\n')[0]?.trim();
    if (root?.startsWith('/') === true && hasHost(root, world))
      return { root, edges: [edge(file, 'install_location')] };
  }
  const root = usualRoots.find((one) => hasHost(one, world));
  return root === undefined ? undefined : { root, edges: [] };
}

/** The newest host, which finds the frameworks: whatever was installed with an older one is run by it too. */
export function hostEdges(root: ImagePath, world: World): readonly Edge[] {
  const folder = joinPath(root, 'host/fxr');
  const newest = versionsIn(folder, world).at(-1);
  return newest === undefined ? [] : filesBelow(joinPath(folder, newest), world).map((to) => edge(to, 'hostfxr'));
}

/** Names of the folders that are versions, oldest first. */
export function versionsIn(folder: ImagePath, { tree }: World): readonly string[] {
  return tree
    .list(folder)
    .map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
    .filter((name) => /^\d+\.\d+/.test(name))
    .sort(compare);
}

function edge(to: ImagePath, detail: string): Edge {
  return { to, kind: 'module', detail, certain: false };
}
