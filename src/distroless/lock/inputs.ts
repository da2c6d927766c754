import { apkWorld } from '../apk/resolve.ts';
import type { Recipe } from '../recipe/model.ts';
import type { LockInputs } from './model.ts';

/** What of a recipe decides its packages. */
export function lockInputs(recipe: Recipe): LockInputs {
  const { release, suites, stages, apk } = recipe;
  if (apk !== undefined) {
    const { distribution, repositories } = apk;
    const without = stages.flatMap((stage) => stage.without);
    return {
      distribution,
      suites: repositories.map(({ label }) => label),
      packages: [{ dependencies: 'follow', names: apkWorld(recipe), ...(without.length === 0 ? {} : { without }) }],
    };
  }
  return {
    distribution: release.id,
    ...(suites === undefined ? {} : { suites }),
    packages: stages.map(({ packages, followDependencies, without }) => ({
      dependencies: followDependencies ? 'follow' : 'listed',
      names: packages.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`)),
      ...(without.length === 0 ? {} : { without }),
    })),
  };
}
