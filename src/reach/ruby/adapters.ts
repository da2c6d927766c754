import { baseName, type ImagePath } from '../../core/path.ts';
import { wordsOf } from '../mentions.ts';
import type { World } from '../world.ts';
import { rubyOf } from './environment.ts';
import type { Gem } from './gem.ts';
import { gemOf, sourcesOf } from './gem-files.ts';
import type { RubyScan } from './scan-ruby.ts';

const sources = new WeakMap<World, Map<Gem, Promise<readonly string[]>>>();

/**
 * What a part of a gem asks for that only a computed name may load.
 *
 * Such a part is an adapter where it asks for a gem that its own does not declare: nobody has that gem but an application
 * that chose it, which then names the gem, the adapter, or what its own gem lists the adapter for, as Tilt lists the
 * endings of templates. Without any of these words in the application, that gem is not asked for.
 */
export async function chosenLoads(scan: RubyScan, path: ImagePath, world: World): Promise<RubyScan> {
  const own = gemOf(path, world);
  if (own === undefined) return scan;
  const adapted = scan.features.flatMap((feature) => {
    const gem = undeclaredGem(feature, own, world);
    return gem === undefined ? [] : [{ feature, gem }];
  });
  if (adapted.length === 0) return scan;
  const words = await wordsFor(path, own, world);
  const unnamed = adapted.filter(({ gem }) =>
    [...words, ...wordsOf(gem.name)].every((word) => !world.applicationWords.has(word)),
  );
  const left = new Set(unnamed.map(({ feature }) => feature));
  return { ...scan, features: scan.features.filter((feature) => !left.has(feature)) };
}

/** The gem that a feature is of, if that is another one and none that is declared. */
function undeclaredGem(feature: string, own: Gem, world: World): Gem | undefined {
  const ruby = rubyOf(world);
  const gems = ruby.find(feature).map((path) => (ruby.isStandard(path) ? undefined : gemOf(path, world)));
  const [first] = gems;
  const declared = declaredBy(own, world);
  return gems.every((gem) => gem !== undefined && !declared.has(gem.name)) ? first : undefined;
}

/** The gem and all that it, and what it declares, declare. */
function declaredBy(own: Gem, world: World): ReadonlySet<string> {
  const names = new Set([own.name]);
  for (const name of names) {
    for (const gem of rubyOf(world).gems) if (gem.name === name) for (const one of gem.dependencies) names.add(one);
  }
  return names;
}

/** The adapter's name, and what stands beside it where its gem lists it. */
async function wordsFor(path: ImagePath, own: Gem, world: World): Promise<readonly string[]> {
  const known = sources.get(world) ?? new Map<Gem, Promise<readonly string[]>>();
  sources.set(world, known);
  const texts = known.get(own) ?? sourcesOf([own], world);
  known.set(own, texts);
  const folder = [...own.folders, ...rubyOf(world).loadFolders].find((one) => path.startsWith(`${one}/`)) ?? '';
  const feature = path.slice(folder.length + 1).replace(/\.rb$/, '');
  const quoted = [`'${feature}'`, `"${feature}"`];
  const lines = (await texts)
    .flatMap((text) => (quoted.some((one) => text.includes(one)) ? text.split('\n') : []))
    .filter((line) => quoted.some((one) => line.includes(one)));
  const named = [baseName(path).replace(/\.rb$/, ''), ...lines].flatMap(wordsOf);
  return named.filter((word) => word !== own.name);
}
