import { formatRelation, type Relation } from '../../../formats/debian-relations.ts';
import { arrange } from './arrange.ts';
import { search } from './search.ts';
import type { PackageSource, Solvable } from './solvable.ts';
import { createUniverse, type Need, type Universe } from './universe.ts';
import { isWanted, parseWanted, type Wanted } from './wanted.ts';

export interface SolveOptions {
  /** As Debian names it: `amd64`, `arm64` … */
  readonly architecture: string;
  /** Literals to look at before giving up; 50 million, the default, take some seconds. */
  readonly steps?: number;
}

/** A package that is needed, and for what. */
export interface Solved<Package> {
  readonly package: Package;
  /** Name of the package that it was chosen for; absent when the request names it. */
  readonly wantedBy?: string;
  /** The need that it was chosen to fill, as written: `libc6 (>= 2.36)`. */
  readonly need: string;
}

/**
 * The packages that the wanted ones need, each once, what is needed before what needs it: all Depends and Pre-Depends
 * met and nothing that Conflicts or Breaks another (Debian Policy 7). It chooses as apt-get does in an empty root
 * without recommended packages (docs/solver.md), and where such a choice fails, goes back on as little as the failure
 * calls for; with enough steps it finds a set if there is one. Essential packages come only where something needs them.
 *
 * Throws `usage.value` for a name that makes no sense, `usage.unsatisfiable` with the chain of what cannot be met, and
 * `usage.unsolved` when the steps are used up.
 */
export function solve<Package extends Solvable>(
  wanted: readonly string[],
  source: PackageSource<Package>,
  options: SolveOptions,
): readonly Solved<Package>[] {
  const requested = wanted.map((text) => parseWanted(text));
  const universe = createUniverse(source, { ...options, only: restrictions(requested) });
  const requests = realFirst(requested, source).map((one) => universe.requestOf(relationOf(one)));
  const { steps } = options;
  const chosen = search(requests, universe, {
    wanted,
    versionsOf: source.versionsOf,
    ...(steps === undefined ? {} : { steps }),
  });
  return solvedOf(chosen, universe);
}

/** What is requested by its own name may provide what is requested by another. */
function realFirst<Package extends Solvable>(
  requested: readonly Wanted[],
  source: PackageSource<Package>,
): readonly Wanted[] {
  const isVirtual = ({ name }: Wanted): number => Number(source.versionsOf(name).length === 0);
  return requested.toSorted((a, b) => isVirtual(a) - isVirtual(b));
}

/** A version or suite in the request leaves only that to choose from. */
function restrictions(requested: readonly Wanted[]): ReadonlyMap<string, (found: Solvable) => boolean> {
  return new Map(
    requested.map(({ name }) => {
      const own = requested.filter((one) => one.name === name);
      return [name, (found) => own.every((one) => isWanted(one, found))];
    }),
  );
}

function relationOf({ name, architecture, version }: Wanted): Relation {
  return {
    name,
    ...(architecture === undefined ? {} : { qualifier: architecture }),
    ...(version === undefined ? {} : { operator: '=', version }),
  };
}

function solvedOf<Package extends Solvable>(
  chosen: ReadonlyMap<Package, { readonly wantedBy?: Package; readonly need: Need<Package> }>,
  universe: Universe<Package>,
): readonly Solved<Package>[] {
  return arrange([...chosen.keys()], chosen, universe.needsOf).flatMap((found) => {
    const why = chosen.get(found);
    if (why === undefined) return [];
    const { wantedBy, need } = why;
    return [
      {
        package: found,
        ...(wantedBy === undefined ? {} : { wantedBy: wantedBy.name }),
        need: need.alternatives.map(formatRelation).join(' | '),
      },
    ];
  });
}
