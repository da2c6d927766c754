import type { Relation } from '../../../formats/debian-relations.ts';
import type { Need } from './universe.ts';

/** A package in the result or left out of it: twice the number that it has while solving, plus 1 for out. */
export type Literal = number;

export function inResult(number: number): Literal {
  return 2 * number;
}

export function leftOut(number: number): Literal {
  return 2 * number + 1;
}

export function opposite(literal: Literal): Literal {
  return literal ^ 1;
}

export function numberOf(literal: Literal): number {
  return literal >> 1;
}

/** Of its literals one at least must hold. */
export interface Clause<Package> {
  readonly literals: readonly Literal[];
  readonly origin: Origin<Package>;
}

/** Where a clause comes from. Without `who`, the request needs it. */
export type Origin<Package> =
  | { readonly kind: 'need'; readonly who?: Package; readonly need: Need<Package> }
  | { readonly kind: 'exclusion'; readonly who: Package; readonly relation: Relation; readonly other: Package }
  | { readonly kind: 'versions'; readonly who: Package; readonly other: Package }
  | { readonly kind: 'learnt'; readonly from: readonly Clause<Package>[] };
