/** The fields that name packages, in the order in which apt reads them. */
export const namingFields: readonly string[] = [
  'Pre-Depends',
  'Depends',
  'Conflicts',
  'Breaks',
  'Recommends',
  'Suggests',
  'Replaces',
  'Enhances',
  'Provides',
];

/**
 * Numbers names in the order in which an index first has them, in whatever field. apt numbers packages so, and
 * prefers, when nothing else tells two providers apart, the one that it met last (`CompareProviders` in apt's
 * depcache.cc). Call the result for each stanza; it returns the number of the stanza's own name.
 */
export function createNameRanks(): (field: (name: string) => string | undefined) => number {
  const ranks = new Map<string, number>();
  function rankOf(name: string): number {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    ranks.set(name, ranks.size);
    return ranks.size - 1;
  }
  return function rankStanza(field) {
    const own = rankOf(field('Package') ?? '');
    for (const name of namingFields) {
      for (const relation of field(name)?.split(/[,|]/) ?? [])
        rankOf(/^[^\s:(]*/.exec(relation.trimStart())?.[0] ?? '');
    }
    return own;
  };
}
