import { compareText } from '../core/compare-text.ts';

/**
 * Makes the `compare` of a scheme whose versions are parsed first: strings that `parse` cannot place (undefined)
 * sort below all others, and among themselves as text.
 */
export function compareParsed<T extends object>(
  parse: (version: string) => T | undefined,
  order: (a: T, b: T) => number,
): (a: string, b: string) => number {
  const parseLeft = rememberLast(parse);
  return function compare(a, b) {
    if (a === b) return 0;
    const left = parseLeft(a);
    const right = parse(b);
    if (left !== undefined && right !== undefined) return order(left, right);
    if (left === right) return compareText(a, b);
    return left === undefined ? -1 : 1;
  };
}

/** Matching compares one version with many events, so that its parsed form is asked for again and again. */
function rememberLast<T>(parse: (version: string) => T): (version: string) => T {
  let last: { readonly version: string; readonly parsed: T } | undefined;
  return function parseOnce(version) {
    if (last?.version !== version) last = { version, parsed: parse(version) };
    return last.parsed;
  };
}
