import { compareText } from '../core/compare-text.ts';

/**
 * Makes the `compare` of a scheme whose versions are parsed first: strings that `parse` cannot place (undefined)
 * sort below all others, and among themselves as text.
 */
export function compareParsed<T extends object>(
  parse: (version: string) => T | undefined,
  order: (a: T, b: T) => number,
): (a: string, b: string) => number {
  return function compare(a, b) {
    if (a === b) return 0;
    const left = parse(a);
    const right = parse(b);
    if (left !== undefined && right !== undefined) return order(left, right);
    if (left === right) return compareText(a, b);
    return left === undefined ? -1 : 1;
  };
}
