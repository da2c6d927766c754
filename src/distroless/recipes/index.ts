import type { RecipeDocument } from '../recipe/schema.ts';
import type { DebianRelease } from '../releases.ts';
import { baseNosslRecipe, baseRecipe, ccRecipe } from './base.ts';
import { javaRecipe, nodeRecipe, perlRecipe, phpRecipe, pythonRecipe, rubyRecipe } from './languages.ts';
import { nginxRecipe } from './nginx.ts';
import { staticRecipe } from './static.ts';

/** The recipes that come with Cinzel, by name. */
export const readyRecipes = {
  static: staticRecipe,
  'base-nossl': baseNosslRecipe,
  base: baseRecipe,
  cc: ccRecipe,
  python3: pythonRecipe,
  nodejs: nodeRecipe,
  java: javaRecipe,
  ruby: rubyRecipe,
  php: phpRecipe,
  perl: perlRecipe,
  nginx: nginxRecipe,
} as const satisfies Readonly<Record<string, (release: DebianRelease) => RecipeDocument>>;

export type ReadyName = keyof typeof readyRecipes;

export const readyNames = Object.keys(readyRecipes) as readonly ReadyName[];
