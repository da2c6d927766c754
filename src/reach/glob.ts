import picomatch from 'picomatch';

/** Patterns come from images: one with more wildcards than anybody writes could keep a matcher busy for ever. */
const mostWildcards = 8;
const longest = 1_000;

/** A shell's pattern of one name or path, dot files included. One that is out of all proportion matches nothing. */
export function compilePattern(pattern: string): (text: string) => boolean {
  const wildcards = pattern.match(/[*?[{(]/g)?.length ?? 0;
  if (pattern === '' || wildcards > mostWildcards || pattern.length > longest) return () => false;
  return picomatch(pattern, { dot: true });
}
