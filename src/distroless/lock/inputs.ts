import type { Recipe } from '../recipe/model.ts';
import type { LockInputs } from './model.ts';

/** What of a recipe decides its packages. */
export function lockInputs({ release, suites, stages }: Recipe): LockInputs {
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
