import { type ImagePath, joinPath } from '../../core/path.ts';
import type { World } from '../world.ts';
import { rubyOf } from './environment.ts';
import type { Gem } from './gem.ts';
import { passedTo } from './name-bindings.ts';
import { loadsOf, type RubyLoads, type RubyScan, rubyCode } from './scan-ruby.ts';
import { unitFiles } from './unit.ts';

/**
 * The scan with what its methods load that are given it: what callers in the same gem and in those that depend on it pass.
 * Where one of them passes what cannot be told, or the application may call the method, it stays computed.
 */
export async function withParameters(scan: RubyScan, path: ImagePath, world: World): Promise<RubyScan> {
  if (scan.parameters.length === 0) return scan;
  const callers = await callersOf(path, world);
  const loads = scan.parameters.map(({ method, word, detail }): Partial<RubyLoads> => {
    const passed = world.applicationWords.has(method) ? undefined : passedTo(method, callers);
    return passed === undefined ? { computed: [detail] } : loadsOf(word, passed, path);
  });
  const all = <Name extends keyof RubyLoads>(name: Name) => [scan, ...loads].flatMap((one) => one[name] ?? []);
  return {
    ...scan,
    features: all('features'),
    files: all('files'),
    prefixes: all('prefixes'),
    variants: all('variants'),
    computed: all('computed'),
  };
}

async function callersOf(path: ImagePath, world: World): Promise<readonly string[]> {
  const { gems } = rubyOf(world);
  const own = gems.find((gem) => placesOf(gem, world).some((place) => isIn(path, place)));
  if (own === undefined) return [];
  const dependents = gems.filter(({ dependencies }) => dependencies.includes(own.name));
  const files = new Set([own, ...dependents].flatMap((gem) => filesOf(gem, world)));
  return Promise.all([...files].map(async (file) => rubyCode((await world.tree.readText(file)) ?? '', file)));
}

/** A gem's folder, and where Debian puts it: on the common load path, below its name. */
function placesOf({ name, root }: Gem, world: World): readonly ImagePath[] {
  return [root, ...rubyOf(world).loadFolders.map((folder) => joinPath(folder, name.replaceAll('-', '/')))];
}

function isIn(path: ImagePath, place: ImagePath): boolean {
  return path === `${place}.rb` || path.startsWith(`${place}/`);
}

function filesOf(gem: Gem, world: World): readonly ImagePath[] {
  const places = placesOf(gem, world);
  const mains = places.map((place) => `${place}.rb`).filter((file) => world.tree.findFile(file) !== undefined);
  return [...mains, ...unitFiles({ standIn: gem.root, roots: places }, world)];
}
