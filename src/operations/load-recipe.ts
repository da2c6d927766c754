import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';
import type { ApplicationKey } from '../distroless/applications/keys.ts';
import { recipeChain } from '../distroless/recipe/chain.ts';
import { compileRecipe } from '../distroless/recipe/compile.ts';
import { applicationBase, layApplication } from '../distroless/recipe/lay-applications.ts';
import type { Recipe, RecipePart } from '../distroless/recipe/model.ts';
import type { RecipeDocument } from '../distroless/recipe/schema.ts';

/** A recipe is written by hand: a larger file is another one. */
const recipeBytes = 1024 ** 2;

/** A recipe as the user names it: a path, or the name of a ready one. What flags say is laid over it. */
export async function loadRecipe(text: string, overrides: RecipeDocument): Promise<Recipe> {
  return compileRecipe(text, await partsOf(text, overrides));
}

/** A recipe for the application that flags name, on the ready one that suits it unless another is named. */
export async function loadApplication(
  application: { readonly key: ApplicationKey; readonly path: string },
  base: string | undefined,
  overrides: RecipeDocument,
): Promise<Recipe> {
  const place = resolve(application.path);
  const folder = dirname(place);
  const document: RecipeDocument = { [application.key]: basename(place) };
  const from = base ?? (await applicationBase(document, folder));
  if (from === undefined) throw new RangeError(application.key);
  const laid = await layApplication(document, folder);
  return compileRecipe(`${place}/`, [...(await partsOf(from, overrides)), ...laid]);
}

async function partsOf(text: string, overrides: RecipeDocument): Promise<readonly RecipePart[]> {
  return [...(await recipeChain(text, readRecipeFile)), { document: overrides }];
}

async function readRecipeFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT')
      throw new CinzelError('environment.not-found', { what: { kind: 'recipe', path } }, { cause });
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  });
  if (bytes.length <= recipeBytes) return bytes.toString('utf8');
  throw new CinzelError('untrusted.limit', { limit: 'recipe', value: recipeBytes, what: path });
}
