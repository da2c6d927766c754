import type { Architecture } from '../distroless/architectures.ts';
import { platformOf } from '../distroless/architectures.ts';
import type { BaseImage } from '../distroless/base/model.ts';
import { onBase } from '../distroless/base/on-base.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { openBase } from './open-base.ts';
import type { Toolbox } from './toolbox.ts';

/** The image below, by OCI architecture; none for a recipe that is made from packages alone. */
export type Bases = ReadonlyMap<string, BaseImage>;

/** Opens what a recipe is made on, and gives the recipe with what that decides to `use`, while its layers can be read. */
export async function withBases<Result>(
  recipe: Recipe,
  toolbox: Toolbox,
  use: (recipe: Recipe, bases: Bases) => Promise<Result>,
  architectures: readonly Architecture[] = recipe.architectures,
): Promise<Result> {
  if (recipe.base === undefined) return use(recipe, new Map());
  const opened = new Map<string, Awaited<ReturnType<typeof openBase>>>();
  try {
    for (const architecture of architectures) {
      opened.set(architecture.name, await openBase(recipe.base, platformOf(architecture), toolbox));
    }
    // Accounts and release are one for all architectures, as they are in a recipe.
    const [first] = opened.values();
    return await use(first === undefined ? recipe : onBase(recipe, first), opened);
  } finally {
    for (const { close } of opened.values()) await close();
  }
}
