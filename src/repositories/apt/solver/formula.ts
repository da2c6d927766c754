import { type Assignment, createAssignment } from './assignment.ts';
import { type Clause, inResult, leftOut } from './clause.ts';
import type { Solvable } from './solvable.ts';
import type { Exclusion, Need, Universe } from './universe.ts';

/** The rules of a universe as clauses, as far as the packages that come into question have them. */
export interface Formula<Package extends Solvable> {
  readonly assignment: Assignment<Package>;
  readonly numberOf: (found: Package) => number;
  /** Adds what must be met; returns it when it cannot be. */
  readonly require: (need: Need<Package>, who?: Package) => Clause<Package> | undefined;
}

type Unmet<Package> = Clause<Package> | undefined;

/**
 * Rules are added when a package gets into the result for the first time: of 60,000 packages a set looks at some
 * hundred. What a package shuts out is added as soon as it comes into question, so that it is not tried in vain.
 */
export function createFormula<Package extends Solvable>(
  universe: Universe<Package>,
  worked: (steps: number) => void,
): Formula<Package> {
  const numbers = new Map<Package, number>();
  const packages: Package[] = [];
  const byName = new Map<string, Package[]>();
  const entered = new Set<Package>();
  /** What shuts a package out that has not come into question yet. */
  const waiting = new Map<Package, { readonly who: Package; readonly exclusion: Exclusion<Package> }[]>();
  const assignment = createAssignment<Package>({ entered: enter, worked });

  function numberOf(found: Package): number {
    const known = numbers.get(found);
    if (known !== undefined) return known;
    const number = assignment.addNumber();
    numbers.set(found, number);
    packages[number] = found;
    const siblings = byName.get(found.name);
    if (siblings === undefined) byName.set(found.name, [found]);
    else siblings.push(found);
    // What is new is open: none of these clauses can fail.
    for (const other of siblings ?? []) if (entered.has(other)) allowOne(other, found);
    for (const { who, exclusion } of waiting.get(found) ?? []) exclude(who, exclusion, found);
    waiting.delete(found);
    for (const exclusion of universe.exclusionsOf(found)) {
      worked(exclusion.excluded.length + 1);
      for (const other of exclusion.excluded) exclude(found, exclusion, other);
    }
    return number;
  }

  function allowOne(who: Package, other: Package): Unmet<Package> {
    if (who === other) return undefined;
    return forbidBoth(who, other, { kind: 'versions', who, other });
  }

  function exclude(who: Package, exclusion: Exclusion<Package>, other: Package): void {
    if (numbers.has(other)) {
      forbidBoth(who, other, { kind: 'exclusion', who, relation: exclusion.relation, other });
      return;
    }
    const others = waiting.get(other);
    if (others === undefined) waiting.set(other, [{ who, exclusion }]);
    else others.push({ who, exclusion });
  }

  function forbidBoth(a: Package, b: Package, origin: Clause<Package>['origin']): Unmet<Package> {
    return assignment.add({ literals: [leftOut(numberOf(a)), leftOut(numberOf(b))], origin });
  }

  function enter(number: number): Unmet<Package> {
    const found = packages[number];
    if (found === undefined || entered.has(found)) return undefined;
    entered.add(found);
    let unmet: Unmet<Package>;
    for (const other of byName.get(found.name) ?? []) unmet = allowOne(found, other) ?? unmet;
    for (const need of universe.needsOf(found)) unmet = require(need, found) ?? unmet;
    return unmet;
  }

  function require(need: Need<Package>, who?: Package): Unmet<Package> {
    const solutions = need.solutions.map((found) => inResult(numberOf(found)));
    const literals = who === undefined ? solutions : [leftOut(numberOf(who)), ...solutions];
    return assignment.add({ literals, origin: { kind: 'need', ...(who === undefined ? {} : { who }), need } });
  }

  return { assignment, numberOf, require };
}
