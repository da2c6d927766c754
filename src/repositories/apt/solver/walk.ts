import { type Clause, inResult } from './clause.ts';
import type { Formula } from './formula.ts';
import type { Candidate } from './solvable.ts';
import type { Need, Universe } from './universe.ts';

/** A package of the result and whose need it was chosen for. */
export interface Chosen<Package> {
  readonly package: Package;
  /** Absent when the request names it. */
  readonly wantedBy?: Package;
  readonly need: Need<Package>;
}

export type WalkOutcome<Package> =
  | { readonly kind: 'done'; readonly chosen: ReadonlyMap<Package, Chosen<Package>> }
  | { readonly kind: 'unmet'; readonly clause: Clause<Package> };

interface Visit<Package> {
  readonly found: Package;
  readonly needs: readonly Need<Package>[];
  next: number;
}

/**
 * Chooses packages in the order in which apt does: all that is requested first; then, depth first, each need that
 * nothing chosen so far fills gets the first of its solutions that is not out of question. What others will need later
 * does not count until it is reached.
 */
export function walk<Package extends Candidate>(
  requests: readonly Need<Package>[],
  { assignment, numberOf, consider }: Formula<Package>,
  universe: Universe<Package>,
): WalkOutcome<Package> {
  const present = new Map<Package, Chosen<Package>>();

  /** Returns the clause that cannot be met when it chose wrongly. */
  function fill(need: Need<Package>, wantedBy?: Package): Chosen<Package> | Clause<Package> | undefined {
    if (need.solutions.some((found) => present.has(found))) return undefined;
    for (const found of need.solutions) {
      const unmet = tryPackage(found);
      if (unmet !== undefined) return unmet;
      if (assignment.valueOf(numberOf(found)) !== true) continue;
      const chosen = { package: found, ...(wantedBy === undefined ? {} : { wantedBy }), need };
      present.set(found, chosen);
      return chosen;
    }
    throw new Error('a need without solution was not noticed');
  }

  function tryPackage(found: Package): Clause<Package> | undefined {
    const number = numberOf(found);
    if (assignment.valueOf(number) !== undefined) return undefined;
    consider(found);
    const unmet = assignment.propagate();
    if (unmet !== undefined || assignment.valueOf(number) !== undefined) return unmet;
    assignment.decide(inResult(number));
    return assignment.propagate();
  }

  function visitOf(found: Package): Visit<Package> {
    return { found, needs: universe.needsOf(found), next: 0 };
  }

  function visit(start: Package): Clause<Package> | undefined {
    const open = [visitOf(start)];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const need = top.needs[top.next++];
      if (need === undefined) {
        open.pop();
        continue;
      }
      const filled = fill(need, top.found);
      if (filled === undefined) continue;
      if ('literals' in filled) return filled;
      open.push(visitOf(filled.package));
    }
    return undefined;
  }

  for (const request of requests) {
    const filled = fill(request);
    if (filled !== undefined && 'literals' in filled) return { kind: 'unmet', clause: filled };
  }
  const requested = [...present.keys()];
  for (const found of requested) {
    const clause = visit(found);
    if (clause !== undefined) return { kind: 'unmet', clause };
  }
  return { kind: 'done', chosen: present };
}
