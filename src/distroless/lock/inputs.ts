import { apkWorld } from '../apk/resolve.ts';
import type { Recipe } from '../recipe/model.ts';
import type { LockInputs } from './model.ts';

/** What of a recipe decides its packages. */
export function lockInputs(recipe: Recipe): LockInputs {
  const { release, suites, stages, apk, sources, pins } = recipe;
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
    ...(recipe.base === undefined ? {} : { from: recipe.base.written }),
    distribution: release.id,
    ...(suites === undefined ? {} : { suites }),
    ...(sources.length === 0 ? {} : { sources: sources.map((one) => [one.name, ...one.suites].join(' ')) }),
    ...(pins.length === 0 ? {} : { pins: pins.map((pin) => JSON.stringify(pin)) }),
    packages: stages.map(({ packages, followDependencies, without }) => ({
      dependencies: followDependencies ? 'follow' : 'listed',
      names: packages.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`)),
      ...(without.length === 0 ? {} : { without }),
    })),
  };
}
