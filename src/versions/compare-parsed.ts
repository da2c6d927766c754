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
  const parseRight = rememberMany(parse);
  return function compare(a, b) {
    if (a === b) return 0;
    const left = parseLeft(a);
    const right = parseRight(b);
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

/** So many of what advisories name are asked for again soon: the packages of one image share advisories, and their versions. */
const remembered = 4096;

/** Forgets all at once when there are too many, which costs less than to know which was asked for last. */
function rememberMany<T>(parse: (version: string) => T): (version: string) => T {
  const known = new Map<string, { readonly parsed: T }>();
  return function parseOnce(version) {
    const found = known.get(version);
    if (found !== undefined) return found.parsed;
    if (known.size >= remembered) known.clear();
    const parsed = parse(version);
    // A version without end shall not stay.
    if (version.length <= 200) known.set(version, { parsed });
    return parsed;
  };
}
