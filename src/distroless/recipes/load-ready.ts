import type { RecipePart } from '../recipe/model.ts';
import type { RecipeDocument } from '../recipe/schema.ts';
import type { DebianRelease } from '../releases.ts';
import { readyRecipes } from './index.ts';
import { parseReadyName, type ReadyReference } from './ready-name.ts';
import { variants } from './variants.ts';

/** A ready recipe for a release, as the chain of those that it is made from, the first first. */
export function readyParts(reference: ReadyReference, release: DebianRelease): readonly RecipePart[] {
  const document: RecipeDocument = readyRecipes[reference.name](release);
  const base = document.from === undefined ? undefined : parseReadyName(document.from);
  return [
    ...(base === undefined ? [] : readyParts(base, release)),
    { document: { ...document, distribution: release.id } },
    ...reference.variants.map((name) => ({ document: variants[name] })),
  ];
}
