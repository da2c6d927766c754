import { formatRelation, parseRelations, type Relation } from '../../../formats/debian-relations.ts';
import { fits, providesFitting } from './fits.ts';
import { compareProviders } from './preference.ts';
import type { PackageSource, Solvable } from './solvable.ts';

/** One need of a package: alternatives as written, and the packages that can fill it, the preferred first. */
export interface Need<Package> {
  readonly alternatives: readonly Relation[];
  readonly solutions: readonly Package[];
}

/** A relation of Conflicts or Breaks, and the packages that it shuts out. */
export interface Exclusion<Package> {
  readonly relation: Relation;
  readonly excluded: readonly Package[];
}

/** The packages that can be chosen from, and how they relate. */
export interface Universe<Package> {
  /** Of one name, the wanted first. */
  readonly versionsOf: (name: string) => readonly Package[];
  readonly needsOf: (found: Package) => readonly Need<Package>[];
  readonly exclusionsOf: (found: Package) => readonly Exclusion<Package>[];
}

/** The universe of a Debian archive; needs are Pre-Depends, then Depends. */
export interface DebianUniverse<Package> extends Universe<Package> {
  /** What is asked for by name: the package of that name if there is one, else who provides it. */
  readonly requestOf: (relation: Relation) => Need<Package>;
}

export interface UniverseOptions<Package extends Solvable> {
  /** As Debian names it; packages of other architectures than this and `all` are not seen. */
  readonly architecture: string;
  /** The one version to be had of a name. */
  readonly only?: ReadonlyMap<string, (found: Package) => boolean>;
}

/** Reads relations when they are asked for: of an archive's packages, a set needs few. */
export function createUniverse<Package extends Solvable>(
  source: PackageSource<Package>,
  { architecture, only = new Map() }: UniverseOptions<Package>,
): DebianUniverse<Package> {
  const isUsable = (found: Package): boolean =>
    (found.architecture === architecture || found.architecture === 'all') && only.get(found.name)?.(found) !== false;
  const versionsOf = remember((name: string) => source.versionsOf(name).filter(isUsable));
  const providersOf = remember((name: string) => {
    const providers = new Set(source.providersOf(name));
    const names = new Set([...providers].map((found) => found.name));
    return [...names].flatMap((one) => versionsOf(one).filter((found) => providers.has(found)));
  });
  /** Those of the name and those that provide it, the preferred first. Many packages have the same relations. */
  const named = rememberBy(formatRelation, (relation: Relation): readonly Package[] => {
    const own = versionsOf(relation.name).filter((found) => fits(found, relation, architecture));
    const providers = providersOf(relation.name).filter((found) => providesFitting(found, relation, architecture));
    return [...new Set([...own, ...providers])].sort(compareProviders(relation.name, source.rankOf));
  });
  function needOf(alternatives: readonly Relation[]): Need<Package> {
    const solutions = alternatives.flatMap(named);
    // Older versions, which apt does not consider, come after all that it would.
    const isCandidate = (found: Package): boolean => versionsOf(found.name)[0] === found;
    const ordered = [...solutions.filter(isCandidate), ...solutions.filter((found) => !isCandidate(found))];
    return { alternatives, solutions: [...new Set(ordered)] };
  }
  return {
    versionsOf,
    requestOf: (relation) => {
      const { alternatives, solutions } = needOf([relation]);
      const isReal = source.versionsOf(relation.name).length > 0;
      return { alternatives, solutions: solutions.filter(({ name }) => !isReal || name === relation.name) };
    },
    needsOf: remember(({ preDepends, depends }) =>
      [preDepends, depends].flatMap((field) => parseRelations(field).map((alternatives) => needOf(alternatives))),
    ),
    exclusionsOf: (found) =>
      [found.conflicts, found.breaks]
        .flatMap((field) => parseRelations(field).flat())
        .map((relation) => ({
          relation,
          excluded: named(withoutAny(relation)).filter(({ name }) => name !== found.name),
        })),
  };
}

/** What is shut out on any architecture is shut out on this one. */
function withoutAny(relation: Relation): Relation {
  if (relation.qualifier !== 'any') return relation;
  const { qualifier: _, ...rest } = relation;
  return rest;
}

function remember<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  return rememberBy((key) => key, compute);
}

function rememberBy<Item, Key, Value>(
  keyOf: (item: Item) => Key,
  compute: (item: Item) => Value,
): (item: Item) => Value {
  const known = new Map<Key, Value>();
  return function recall(item) {
    const key = keyOf(item);
    const value = known.get(key) ?? compute(item);
    known.set(key, value);
    return value;
  };
}
