import { resolve } from 'node:path';
import type { FurtherSource, PackagePin, RecipePart } from './model.ts';

/** The archives that a chain of recipes adds to Debian's own, the last of a name; their keys relative to the recipe that names them. */
export function compileSources(parts: readonly RecipePart[]): readonly FurtherSource[] {
  const sources = parts.flatMap(({ document, folder = '' }) =>
    (document.sources ?? []).map(
      ({ name, mirror, suites, components, keys }): FurtherSource => ({
        name,
        mirror,
        suites,
        ...(components === undefined ? {} : { components }),
        keyFiles: keys.map((file) => resolve(folder, file)),
      }),
    ),
  );
  return [...new Map(sources.map((source) => [source.name, source])).values()];
}

/** The pins of a chain of recipes; those of the last recipe go first, since the first that fits decides. */
export function compilePins(parts: readonly RecipePart[]): readonly PackagePin[] {
  return parts.toReversed().flatMap(({ document }) =>
    (document.pins ?? []).map(({ packages, version, release, priority }) => ({
      packages,
      priority,
      ...(version === undefined ? {} : { version }),
      ...(release === undefined ? {} : { release }),
    })),
  );
}
