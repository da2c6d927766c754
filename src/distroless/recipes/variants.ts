import type { RecipeDocument } from '../recipe/schema.ts';

/** What a variant of a ready recipe changes. */
export const variants = {
  /** A shell apart, under /busybox. */
  debug: {
    dependencies: 'listed',
    packages: ['busybox-static'],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/busybox' },
    entrypoint: ['/busybox/sh'],
  },
  nonroot: { user: 65532, workdir: '/home/nonroot' },
} as const satisfies Readonly<Record<string, RecipeDocument>>;

export type VariantName = keyof typeof variants;
