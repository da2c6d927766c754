import picomatch from 'picomatch';

/** A shell's pattern of one name or path, dot files included. */
export function compilePattern(pattern: string): (text: string) => boolean {
  return picomatch(pattern, { dot: true });
}
