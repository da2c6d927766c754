import picomatch from 'picomatch';
import { baseName, type ImagePath } from '../core/path.ts';

/** Tells quickly whether a path matches one of many globs. */
export type Selector = (path: ImagePath) => boolean;

/**
 * Compiles globs (picomatch, dot files included) into one test. An image has hundreds of thousands of paths and few
 * match, so most are decided by one look-up of their last component, or of its ending, before any pattern runs.
 */
export function compileSelector(globs: readonly string[]): Selector {
  const byName = new Map<string, RegExp[]>();
  const byEnding = new Map<string, RegExp[]>();
  const byFolder: { readonly prefix: string; readonly pattern: RegExp }[] = [];
  for (const glob of globs) {
    const pattern = compileGlob(glob);
    const last = baseName(glob);
    const ending = /^\*(\.[\w.-]+)$/.exec(last)?.[1];
    if (!/[*?[\]{}()!+@]/.test(last)) append(byName, last, pattern);
    else if (ending !== undefined) append(byEnding, endingOf(ending), pattern);
    else byFolder.push({ prefix: literalPrefix(glob), pattern });
  }
  return (path) => {
    const name = baseName(path);
    return (
      matches(byName.get(name), path) ||
      matches(byEnding.get(endingOf(name)), path) ||
      byFolder.some(({ prefix, pattern }) => path.startsWith(prefix) && pattern.test(path))
    );
  };
}

// A slash in front of `**` means nothing, also at the root. Names may hold line breaks, and a dot must match these:
// else a folder with one in its name would hide all that is in it.
function compileGlob(glob: string): RegExp {
  return picomatch.makeRe(glob.replace(/^\/\*\*\//, '**/'), { dot: true, flags: 's' });
}

function append(map: Map<string, RegExp[]>, key: string, pattern: RegExp): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [pattern]);
  else list.push(pattern);
}

function matches(patterns: readonly RegExp[] | undefined, path: ImagePath): boolean {
  return patterns?.some((pattern) => pattern.test(path)) ?? false;
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** The part of a glob before its first magic character. */
function literalPrefix(glob: string): string {
  return glob.slice(0, glob.search(/[*?[\]{}()!+@]/));
}
