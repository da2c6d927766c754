/** Orders two strings by UTF-16 code unit: the same on every machine, unlike a locale's collation. */
export function compareText(a: string, b: string): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}
