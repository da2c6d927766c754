import { type Assignment, createAssignment } from './assignment.ts';
import { type Clause, inResult, leftOut } from './clause.ts';
import type { Candidate } from './solvable.ts';
import type { Need, Universe } from './universe.ts';

/** The rules of a universe as clauses, as far as the packages that come into question have them. */
export interface Formula<Package extends Candidate> {
  readonly assignment: Assignment<Package>;
  readonly numberOf: (found: Package) => number;
  /** Adds what the package needs and shuts out, so that one that cannot be chosen is not. */
  readonly consider: (found: Package) => void;
  /** Adds what must be met; returns it when it cannot be. */
  readonly require: (need: Need<Package>, who?: Package) => Clause<Package> | undefined;
}

type Unmet<Package> = Clause<Package> | undefined;

/** What a clause takes to keep, in steps of looking at a literal. */
const clauseCost = 20;

/** Rules are added when a package is tried for the first time: of 60,000 packages a set needs some hundred. */
export function createFormula<Package extends Candidate>(
  universe: Universe<Package>,
  worked: (steps: number) => void,
): Formula<Package> {
  const numbers = new Map<Package, number>();
  const packages: Package[] = [];
  const byName = new Map<string, Package[]>();
  const entered = new Set<Package>();
  const considered = new Set<Package>();
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
    // What is new is open: this cannot fail.
    for (const other of siblings ?? []) if (entered.has(other)) allowOne(other, found);
    return number;
  }

  function allowOne(who: Package, other: Package): Unmet<Package> {
    if (who === other) return undefined;
    return forbidBoth(who, other, { kind: 'versions', who, other });
  }

  function consider(found: Package): Unmet<Package> {
    if (considered.has(found)) return undefined;
    considered.add(found);
    let unmet: Unmet<Package>;
    for (const { relation, excluded } of universe.exclusionsOf(found)) {
      for (const other of excluded)
        unmet = forbidBoth(found, other, { kind: 'exclusion', who: found, relation, other }) ?? unmet;
    }
    for (const need of universe.needsOf(found)) unmet = require(need, found) ?? unmet;
    return unmet;
  }

  function forbidBoth(a: Package, b: Package, origin: Clause<Package>['origin']): Unmet<Package> {
    worked(clauseCost);
    return assignment.add({ literals: [leftOut(numberOf(a)), leftOut(numberOf(b))], origin });
  }

  function enter(number: number): Unmet<Package> {
    const found = packages[number];
    if (found === undefined || entered.has(found)) return undefined;
    entered.add(found);
    let unmet = consider(found);
    for (const other of byName.get(found.name) ?? []) unmet = allowOne(found, other) ?? unmet;
    return unmet;
  }

  function require(need: Need<Package>, who?: Package): Unmet<Package> {
    worked(clauseCost);
    const solutions = need.solutions.map((found) => inResult(numberOf(found)));
    const literals = who === undefined ? solutions : [leftOut(numberOf(who)), ...solutions];
    return assignment.add({ literals, origin: { kind: 'need', ...(who === undefined ? {} : { who }), need } });
  }

  return { assignment, numberOf, consider, require };
}
