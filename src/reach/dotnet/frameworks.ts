import { type ImagePath, joinPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';
import { versionsIn } from './host.ts';
import { rollForward } from './roll-forward.ts';
import { type FrameworkNeed, readRuntimeConfig } from './runtime-config.ts';

/** What debuggers, profilers' authors and linkers read, and no run opens. */
const forDevelopers =
  /\.(?:a|pdb|h)$|\/(?:libmscordbi|libmscordaccore)\.so$|\/createdump$|\/(?:LICENSE|ThirdPartyNotices)\.txt$/i;

/**
 * The shared frameworks that an application is made for, and those that they are made for, in the versions that the host
 * would take. Each is a standard library, and kept whole but for what is for developers; where no version would do, all
 * that are there are kept.
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
      edges.push(...folderEdges(folder, need.name, world));
      const text = await world.tree.readText(joinPath(folder, `${need.name}.runtimeconfig.json`));
      queue.push(...(text === undefined ? [] : (readRuntimeConfig(text)?.frameworks ?? [])));
    }
  }
  return edges;
}

/** Every framework of an installation, where it cannot be told which one is meant. */
export function allFrameworkEdges(root: ImagePath, world: World): readonly Edge[] {
  return world.tree
    .list(joinPath(root, 'shared'))
    .flatMap(({ path }) => folderEdges(path, path.slice(path.lastIndexOf('/') + 1), world));
}

function folderEdges(folder: ImagePath, name: string, world: World): readonly Edge[] {
  return filesBelow(folder, world)
    .filter((path) => !forDevelopers.test(path))
    .map((to) => ({ to, kind: 'module', detail: name, certain: false, language: 'dotnet' }));
}
