import { CinzelError } from '../../core/errors.ts';
import { said } from '../../core/problems.ts';
import { type RecipeDocument, recipeSchema } from './schema.ts';

/** Checks a recipe that is no text of its own. Throws `untrusted.malformed`. */
export function checkDocument(value: unknown, what: string): RecipeDocument {
  const result = recipeSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = ['recipe', ...(issue?.path ?? [])].join('.');
  const problem = { kind: 'at', place, problem: said(issue?.message ?? '') } as const;
  throw new CinzelError('untrusted.malformed', { what, problem });
}
