import type { UnmetStep } from '../../../core/errors.ts';
import { formatRelation } from '../../../formats/debian-relations.ts';
import type { Assignment } from './assignment.ts';
import { type Clause, numberOf } from './clause.ts';
import type { Candidate } from './solvable.ts';
import type { Need, Universe } from './universe.ts';

export interface Explained<Package extends Candidate> {
  readonly assignment: Assignment<Package>;
  readonly universe: Universe<Package>;
  /** All versions of a name, also those that cannot be chosen. */
  readonly versionsOf: (name: string) => readonly Package[];
  readonly requests: readonly Need<Package>[];
}

/** The rules that together cannot be met, told from the request on: who needs what, what is not there, what conflicts. */
export function explain<Package extends Candidate>(
  unmet: Clause<Package>,
  explained: Explained<Package>,
): readonly UnmetStep[] {
  const { assignment, universe, requests } = explained;
  const core = readCore(unmet, assignment);
  const told = new Map<string, UnmetStep>();
  // Two versions of a package often have the same relations.
  const tell = (step: UnmetStep): void => void told.set(JSON.stringify(step), step);
  const queue = new Set<Package | undefined>([undefined]);
  for (const who of queue) {
    for (const need of who === undefined ? requests : universe.needsOf(who)) {
      if (!core.needs.has(need)) continue;
      tell(needStep(need, who, explained));
      for (const found of need.solutions) queue.add(found);
    }
    for (const origin of core.forbidden.get(who) ?? []) tell(forbiddenStep(origin, core.wantedBy));
  }
  return [...told.values()];
}

type Forbidding<Package> = Extract<Clause<Package>['origin'], { readonly kind: 'exclusion' | 'versions' }>;

interface Core<Package> {
  readonly needs: ReadonlySet<Need<Package>>;
  /** Who first needs a package; undefined where the request does. */
  readonly wantedBy: ReadonlyMap<Package, Package | undefined>;
  readonly forbidden: ReadonlyMap<Package | undefined, readonly Forbidding<Package>[]>;
}

function readCore<Package>(unmet: Clause<Package>, assignment: Assignment<Package>): Core<Package> {
  const needs = new Set<Need<Package>>();
  const wantedBy = new Map<Package, Package | undefined>();
  const forbidden = new Map<Package, Forbidding<Package>[]>();
  for (const { origin } of coreOf(unmet, assignment)) {
    if (origin.kind === 'need') {
      needs.add(origin.need);
      for (const found of origin.need.solutions) if (!wantedBy.has(found)) wantedBy.set(found, origin.who);
    } else if (origin.kind !== 'learnt') {
      const own = forbidden.get(origin.who);
      if (own === undefined) forbidden.set(origin.who, [origin]);
      else own.push(origin);
    }
  }
  return { needs, wantedBy, forbidden };
}

/** The clauses that were read from packages among those that led to the one that cannot be met. */
function coreOf<Package>(unmet: Clause<Package>, assignment: Assignment<Package>): ReadonlySet<Clause<Package>> {
  const core = new Set([unmet]);
  for (const clause of core) {
    if (clause.origin.kind === 'learnt') for (const one of clause.origin.from) core.add(one);
    for (const literal of clause.literals) {
      const reason = assignment.reasonOf(numberOf(literal));
      if (reason !== undefined && assignment.valueOf(numberOf(literal)) !== undefined) core.add(reason);
    }
  }
  return core;
}

function needStep<Package extends Candidate>(
  { alternatives, solutions }: Need<Package>,
  who: Package | undefined,
  { universe, versionsOf }: Explained<Package>,
): UnmetStep {
  const available = alternatives.flatMap(({ name }) => {
    const usable = universe.versionsOf(name);
    return (usable.length > 0 ? usable : versionsOf(name)).map((found) => `${found.name} ${found.version}`);
  });
  return {
    kind: 'needs',
    ...(who === undefined ? {} : { who: who.name }),
    what: alternatives.map(formatRelation).join(' | '),
    ...(solutions.length > 0 ? {} : { available: [...new Set(available)] }),
  };
}

function forbiddenStep<Package extends Candidate>(
  origin: Forbidding<Package>,
  wantedBy: ReadonlyMap<Package, Package | undefined>,
): UnmetStep {
  const { who, other } = origin;
  if (origin.kind === 'versions') return { kind: 'versions', name: who.name, versions: [who.version, other.version] };
  const neededBy = wantedBy.get(other)?.name;
  return {
    kind: 'conflicts',
    who: who.name,
    what: formatRelation(origin.relation),
    other: other.name,
    ...(neededBy === undefined ? {} : { neededBy }),
  };
}
