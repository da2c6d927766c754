import { type Clause, inResult, type Literal, leftOut, numberOf, opposite } from './clause.ts';

/** Which packages are in the result and which are not, as far as that is settled, and why. */
export interface Assignment<Package> {
  /** Of packages by their numbers: true in, false out, undefined open. */
  readonly valueOf: (number: number) => boolean | undefined;
  /** The clause that left its literal no choice; undefined for a decision. */
  readonly reasonOf: (number: number) => Clause<Package> | undefined;
  /** How many decisions came before; 0 is what holds whatever is decided. */
  readonly levelOf: (number: number) => number;
  readonly level: () => number;
  /** Literals in the order in which they were settled. */
  readonly trail: readonly Literal[];
  readonly addNumber: () => number;
  /** Takes a clause up, and what follows from it at once. Returns it when it cannot be met any more. */
  readonly add: (clause: Clause<Package>) => Clause<Package> | undefined;
  /** Settles a literal that is open, as a decision. */
  readonly decide: (literal: Literal) => void;
  /** Settles what follows; returns the first clause that cannot be met. */
  readonly propagate: () => Clause<Package> | undefined;
  /** Forgets all decisions and what followed from them, but no clause. */
  readonly restart: () => void;
}

export interface AssignmentHooks<Package> {
  /** Called when a package gets into the result, every time; may add clauses, and returns one that cannot be met. */
  readonly entered: (number: number) => Clause<Package> | undefined;
  /** Called with the literals that were looked at; throws when they are too many. */
  readonly worked: (steps: number) => void;
}

export function createAssignment<Package>({ entered, worked }: AssignmentHooks<Package>): Assignment<Package> {
  const values: (boolean | undefined)[] = [];
  const reasons: (Clause<Package> | undefined)[] = [];
  const levels: number[] = [];
  const trail: Literal[] = [];
  /** Clauses by the literals that are in them. */
  const occurrences: Clause<Package>[][] = [];
  const units: Clause<Package>[] = [];
  let level = 0;
  let next = 0;

  function holds(literal: Literal): boolean | undefined {
    const value = values[numberOf(literal)];
    return value === undefined ? undefined : value === (literal % 2 === 0);
  }

  function settle(literal: Literal, reason: Clause<Package> | undefined): void {
    const number = numberOf(literal);
    values[number] = literal % 2 === 0;
    reasons[number] = reason;
    levels[number] = level;
    trail.push(literal);
  }

  function examine(clause: Clause<Package>): Clause<Package> | undefined {
    let open: Literal | undefined;
    worked(clause.literals.length);
    for (const literal of clause.literals) {
      const held = holds(literal);
      if (held === true) return undefined;
      if (held === false) continue;
      if (open !== undefined) return undefined;
      open = literal;
    }
    if (open === undefined) return clause;
    settle(open, clause);
    return undefined;
  }

  function follow(literal: Literal): Clause<Package> | undefined {
    const failed = literal % 2 === 0 ? entered(numberOf(literal)) : undefined;
    if (failed !== undefined) return failed;
    for (const clause of occurrences[opposite(literal)] ?? []) {
      const unmet = examine(clause);
      if (unmet !== undefined) return unmet;
    }
    return undefined;
  }

  return {
    valueOf: (number) => values[number],
    reasonOf: (number) => reasons[number],
    levelOf: (number) => levels[number] ?? 0,
    level: () => level,
    trail,
    addNumber: () => {
      const number = values.push(undefined) - 1;
      occurrences[inResult(number)] = [];
      occurrences[leftOut(number)] = [];
      return number;
    },
    add: (clause) => {
      for (const literal of clause.literals) occurrences[literal]?.push(clause);
      if (clause.literals.length < 2) units.push(clause);
      return examine(clause);
    },
    decide: (literal) => {
      level++;
      settle(literal, undefined);
    },
    propagate: () => {
      while (next < trail.length) {
        const unmet = follow(trail[next++] as Literal);
        if (unmet !== undefined) return unmet;
      }
      return undefined;
    },
    restart: () => {
      for (const literal of trail) values[numberOf(literal)] = undefined;
      trail.length = 0;
      next = 0;
      level = 0;
      for (const unit of units) examine(unit);
    },
  };
}
