import { CinzelError } from '../../core/errors.ts';
import { asObject, asString } from '../../core/json.ts';
import { userId } from '../recipe/compile-runtime.ts';
import type { Recipe } from '../recipe/model.ts';
import { findRelease } from '../releases.ts';
import type { BaseImage } from './model.ts';

/**
 * The recipe with what the image below it decides: the release of its packages, the accounts that names mean, and the
 * user. Root is not passed on, as with ready recipes. Throws `usage.base-image` where the two do not go together.
 */
export function onBase(recipe: Recipe, base: BaseImage): Recipe {
  const reference = recipe.base?.written ?? '';
  const release = releaseOn(recipe, base, reference);
  const { users, groups } = base.accounts;
  const own = new Set(recipe.users.map(({ name }) => name));
  const ownGroups = new Set(recipe.groups.map(({ name }) => name));
  const inherited = {
    users: users.filter(({ name }) => !own.has(name)),
    groups: groups.filter(({ name }) => !ownGroups.has(name)),
  };
  const below = asString(asObject(base.config['config'])?.['User']) ?? '';
  const isRoot = /^(?:0|root)?(?::|$)/.test(below);
  const user = recipe.runtime.user ?? (isRoot ? '65532' : below);
  return {
    ...recipe,
    release,
    inherited,
    // What the image says stays as it says it; a name of the recipe's becomes its number.
    runtime: {
      ...recipe.runtime,
      user: recipe.runtime.user === undefined ? user : userId(user, [...recipe.users, ...inherited.users]),
    },
  };
}

function releaseOn(recipe: Recipe, { distribution }: BaseImage, image: string): Recipe['release'] {
  const hasPackages = recipe.stages.some(({ packages }) => packages.length > 0);
  if (distribution === undefined || !hasPackages) return recipe.release;
  const named = recipe.parts.findLast(({ document }) => document.distribution !== undefined)?.document.distribution;
  const release = findRelease(distribution);
  if (release === undefined) {
    throw new CinzelError('usage.base-image', { image, problem: { kind: 'other-distribution', distribution } });
  }
  if (named !== undefined && named !== distribution) {
    throw new CinzelError('usage.recipe-distributions', { named: [distribution, named] });
  }
  return release;
}
