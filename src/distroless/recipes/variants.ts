import type { RecipeDocument } from '../recipe/schema.ts';

/** What a variant of a ready recipe changes. */
export const variants = {
  nonroot: { user: 65532, workdir: '/home/nonroot' },
} as const satisfies Readonly<Record<string, RecipeDocument>>;

export type VariantName = keyof typeof variants;
