import { readDocument } from '../documents/read-document.ts';
import { type RecipeDocument, recipeSchema } from './schema.ts';

/** Understands the text of a recipe. Throws `usage.recipe`. */
export function readRecipe(text: string, path: string): Promise<RecipeDocument> {
  return readDocument(text, path, { code: 'usage.recipe', schema: recipeSchema });
}
