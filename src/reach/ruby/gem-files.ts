import { type ImagePath, joinPath } from '../../core/path.ts';
import type { World } from '../world.ts';
import { rubyOf } from './environment.ts';
import type { Gem } from './gem.ts';
import { rubyCode } from './scan-ruby.ts';
import { unitFiles } from './unit.ts';

/** The gem that a file belongs to; undefined for what is in none. */
export function gemOf(path: ImagePath, world: World): Gem | undefined {
  return rubyOf(world).gems.find((gem) =>
    placesOf(gem, world).some((place) => path === `${place}.rb` || path.startsWith(`${place}/`)),
  );
}

/** The code of gems, a text a file. */
export function sourcesOf(gems: readonly Gem[], world: World): Promise<readonly string[]> {
  const files = new Set(gems.flatMap((gem) => filesOf(gem, world)));
  return Promise.all([...files].map(async (file) => rubyCode((await world.tree.readText(file)) ?? '', file)));
}

/** A gem's folder, and where Debian puts it: on the common load path, below its name. */
function placesOf({ name, root }: Gem, world: World): readonly ImagePath[] {
  return [root, ...rubyOf(world).loadFolders.map((folder) => joinPath(folder, name.replaceAll('-', '/')))];
}

function filesOf(gem: Gem, world: World): readonly ImagePath[] {
  const places = placesOf(gem, world);
  const mains = places.map((place) => `${place}.rb`).filter((file) => world.tree.findFile(file) !== undefined);
  return [...mains, ...unitFiles({ standIn: gem.root, roots: places }, world)];
}
