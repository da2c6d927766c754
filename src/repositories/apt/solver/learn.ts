import type { Assignment } from './assignment.ts';
import { type Clause, type Literal, numberOf, opposite } from './clause.ts';

/**
 * What a clause that cannot be met teaches: a clause that forbids the combination that led there, found by resolving
 * reasons back to the first package that implies it alone among those of the last decision (first unique implication
 * point; Marques-Silva and Sakallah, GRASP, 1996). Undefined when no decision led there: nothing can be chosen.
 */
export function learn<Package>(unmet: Clause<Package>, assignment: Assignment<Package>): Clause<Package> | undefined {
  const level = assignment.level();
  if (level === 0) return undefined;
  const seen = new Set<number>();
  const literals: Literal[] = [];
  const from: Clause<Package>[] = [];
  let open = 0;
  function resolve(clause: Clause<Package>): void {
    from.push(clause);
    for (const literal of clause.literals) {
      const number = numberOf(literal);
      if (seen.has(number)) continue;
      seen.add(number);
      const own = assignment.levelOf(number);
      if (own === level) open++;
      else if (own > 0) literals.push(literal);
    }
  }
  resolve(unmet);
  for (let index = assignment.trail.length - 1; index >= 0; index--) {
    const literal = assignment.trail[index] as Literal;
    const number = numberOf(literal);
    if (!seen.has(number) || assignment.levelOf(number) !== level) continue;
    if (--open === 0) {
      literals.push(opposite(literal));
      break;
    }
    const reason = assignment.reasonOf(number);
    if (reason !== undefined) resolve(reason);
  }
  return { literals, origin: { kind: 'learnt', from } };
}
