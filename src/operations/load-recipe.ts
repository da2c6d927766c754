import { readFile } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import { recipeChain } from '../distroless/recipe/chain.ts';
import { compileRecipe } from '../distroless/recipe/compile.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import type { RecipeDocument } from '../distroless/recipe/schema.ts';

/** A recipe is written by hand: a larger file is another one. */
const recipeBytes = 1024 ** 2;

/** A recipe as the user names it: a path, or the name of a ready one. What flags say is laid over it. */
export async function loadRecipe(text: string, overrides: RecipeDocument): Promise<Recipe> {
  const chain = await recipeChain(text, readRecipeFile);
  return compileRecipe(text, [...chain, { document: overrides }]);
}

async function readRecipeFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT')
      throw new CinzelError('environment.not-found', { what: `The recipe ${path}` }, { cause });
    throw new CinzelError('environment.read', { path, problem: cause.code ?? cause.message }, { cause });
  });
  if (bytes.length <= recipeBytes) return bytes.toString('utf8');
  throw new CinzelError('untrusted.limit', { limit: 'recipe', value: recipeBytes, what: path });
}
