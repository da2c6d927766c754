import { baseName, type ImagePath, joinPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import { dependencyFiles } from './dependencies.ts';
import { versionsIn } from './host.ts';
import { rollForward } from './roll-forward.ts';
import { type FrameworkNeed, readRuntimeConfig } from './runtime-config.ts';

/** What debuggers and linkers read, and no run opens. */
const forDevelopers =
  /\.(?:a|pdb|h)$|\/(?:libmscordbi|libmscordaccore)\.so$|\/createdump$|\/(?:LICENSE|ThirdPartyNotices)\.txt$/i;

/**
 * The shared frameworks that an application is made for, and those that they are made for, in the versions that the host
 * would take. Each is a standard library, and kept whole but for what is for developers and is on no list; where no version
 * would do, all that are there are kept.
 */
export async function frameworkEdges(
  root: ImagePath,
  needs: readonly FrameworkNeed[],
  environment: ReadonlyMap<string, string>,
  world: World,
): Promise<readonly Edge[]> {
  const edges: Edge[] = [];
  const seen = new Set<ImagePath>();
  const queue = [...needs];
  for (let need = queue.shift(); need !== undefined; need = queue.shift()) {
    const shared = joinPath(root, `shared/${need.name}`);
    const there = versionsIn(shared, world);
    const policy = environment.get('DOTNET_ROLL_FORWARD') ?? need.rollForward ?? 'Minor';
    const chosen = rollForward(need.version, there, policy);
    for (const version of chosen === undefined ? there : [chosen]) {
      const folder = joinPath(shared, version);
      if (seen.has(folder)) continue;
      seen.add(folder);
      edges.push(...(await folderEdges(folder, need.name, world)));
      const text = await world.tree.readText(joinPath(folder, `${need.name}.runtimeconfig.json`));
      queue.push(...(text === undefined ? [] : (readRuntimeConfig(text)?.frameworks ?? [])));
    }
  }
  return edges;
}

/** Every framework of an installation, where it cannot be told which one is meant. */
export async function allFrameworkEdges(root: ImagePath, world: World): Promise<readonly Edge[]> {
  const versions = world.tree.list(joinPath(root, 'shared')).flatMap(({ path }) => {
    return versionsIn(path, world).map((version) => ({ folder: joinPath(path, version), name: baseName(path) }));
  });
  return (await Promise.all(versions.map(async ({ folder, name }) => folderEdges(folder, name, world)))).flat();
}

/** The host does not start an application when a file is gone that the framework's own list names, whatever it is for. */
async function folderEdges(folder: ImagePath, name: string, world: World): Promise<readonly Edge[]> {
  const list = joinPath(folder, `${name}.deps.json`);
  const bytes = await world.tree.read(list);
  const listed = new Set(bytes === undefined ? [] : dependencyFiles(bytes, list));
  return filesBelow(folder, world)
    .filter((path) => listed.has(path) || !forDevelopers.test(path))
    .map((to) => ({ to, kind: 'module', detail: name, certain: false, language: 'dotnet' }));
}
