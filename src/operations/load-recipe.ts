import { CinzelError } from '../core/errors.ts';
import { compileRecipe } from '../distroless/recipe/compile.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import type { RecipeDocument } from '../distroless/recipe/schema.ts';
import { readyNames } from '../distroless/recipes/index.ts';
import { readyParts } from '../distroless/recipes/load-ready.ts';
import { parseReadyName } from '../distroless/recipes/ready-name.ts';
import { newestRelease, releases } from '../distroless/releases.ts';

/** A recipe as the user names it: a path, or the name of a ready one. What flags say is laid over it. */
export function loadRecipe(text: string, overrides: RecipeDocument): Recipe {
  const ready = parseReadyName(text);
  if (ready === undefined) {
    throw new CinzelError('usage.invalid', {
      problem: `There is no recipe "${text}": the ready ones are ${readyNames.join(', ')}.`,
    });
  }
  const release = releases.find(({ id }) => id === ready.release) ?? newestRelease;
  return compileRecipe(text, [...readyParts(ready, release), { document: overrides }]);
}
